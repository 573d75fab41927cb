import type { Measured } from './measured.js';
import { HOT_SETS, LOW_LOAD_RATES } from './plan.js';
import type { Ratio } from './report-figures.js';

/** What the package must reach, and whether it did; null when it was not measured. */
export interface Target {
  readonly name: string;
  readonly limit: string;
  readonly value: Ratio;
  readonly met: boolean | null;
}

export function targetsOf(measured: Measured): readonly Target[] {
  return [...besideRawAndStock(measured), ...besideRawBatched(measured)];
}

function besideRawAndStock({ lowLoad, saturation, burst20, qos1, generator, independence }: Measured): Target[] {
  const receive = 'generator, QoS 1, receive and acknowledge late / stock server, empty handler';
  return [
    atMost('50 msg/s p50 / raw', 1.2, lowLoad[50]?.ratioToRaw),
    atMost('50 msg/s p95 / raw', 1.5, lowLoad[50]?.p95RatioToRaw),
    atMost('500 msg/s p50 / raw', 1.2, lowLoad[500]?.ratioToRaw),
    atMost('500 msg/s p95 / raw', 1.5, lowLoad[500]?.p95RatioToRaw),
    atMost('20-match payload p50 / raw', 0.8, burst20.ratioToRaw),
    atLeast('saturation 5,000 matches / raw', 4, saturation[5000]?.ratioToRaw),
    atLeast('saturation 5,000 matches / stockNest', 10, saturation[5000]?.ratioToStockNest),
    atLeast('saturation 40 matches / raw', 8, saturation[40]?.ratioToRaw),
    atMost('QoS 1, 500 msg/s p50, after commit / at once', 1.1, qos1.ratioToAtOnce),
    atLeast('QoS 1, saturation, after commit / at once', 1 / 1.1, qos1.saturation.ratioToAtOnce),
    atLeast('QoS 1, saturation / raw', 3.5, qos1.saturation.ratioToRaw),
    atLeast('QoS 1, saturation / stockNest', 7, qos1.saturation.ratioToStockNest),
    atLeast(receive, 2, generator.receiveRatio),
    atMost('500 msg/s p50 of the direct path, legacy queue hanging / healthy', 1.15, independence.hanging.ratio),
    atMost('500 msg/s p50 of the direct path, Redis gone / healthy', 1.15, independence.withoutRedis.ratio),
  ];
}

/** Beside the honest limit, which has neither guard nor journal. */
function besideRawBatched({ lowLoad, saturation }: Measured): Target[] {
  const paced = LOW_LOAD_RATES.flatMap((rate) => {
    const { p50, p95, p99 } = lowLoad[rate]?.toRawBatched ?? {};
    return [
      atMost(`${rate} msg/s p50 / rawBatched`, 1.15, p50),
      atMost(`${rate} msg/s p95 / rawBatched`, 1.3, p95),
      atMost(`${rate} msg/s p99 / rawBatched`, 1.6, p99),
    ];
  });
  const floods = HOT_SETS.flatMap((hot) => {
    const { rate, cpu } = saturation[hot]?.toRawBatched ?? {};
    const matches = hot.toLocaleString('en');
    return [
      atLeast(`saturation ${matches} matches / rawBatched`, 0.75, rate),
      atMost(`CPU per message in a flood of ${matches} matches / rawBatched`, 1.7, cpu),
    ];
  });
  return [...paced, atMost('500 msg/s CPU per message / rawBatched', 1.5, lowLoad[500]?.toRawBatched.cpu), ...floods];
}

function atMost(name: string, limit: number, value: Ratio = null): Target {
  return { name, limit: `<= ${limit}`, value, met: value === null ? null : value <= limit };
}

function atLeast(name: string, limit: number, value: Ratio = null): Target {
  return { name, limit: `>= ${limit}`, value, met: value === null ? null : value >= limit };
}
