import { cpus } from 'node:os';
import { bar } from './bars.js';
import type { FanOut } from './fan-out.js';
import type { Idle } from './idle.js';
import type { MatchDay } from './match-day.js';
import type { FanoutOptions } from './options.js';
import type { Storm } from './storm.js';
import type { TwoGateways } from './two-gateways.js';

/** What was measured; a section that was left out is absent. */
export interface Sections {
  fanout?: FanOut;
  idle?: Idle;
  storm?: Storm;
  gateways?: TwoGateways;
  matchDay?: MatchDay;
}

export type FanoutReport = ReturnType<typeof makeReport>;

export function makeReport(sections: Sections, { sizes, rounds, idleMs }: FanoutOptions, failures: readonly string[]) {
  const { fanout, idle, storm, gateways, matchDay } = sections;
  const figures = fanout ? ratiosOf(fanout, sizes) : {};
  return {
    machine: { node: process.version, cpus: cpus().length, cpuModel: cpus()[0]?.model ?? 'unknown' },
    rounds,
    clients: sizes,
    ...figures,
    servers: fanout?.report(),
    rssPerIdleClientKB: idle?.rssPerIdleClientKB,
    rssPerIdleClientUncollectedKB: idle?.rssUncollectedKB,
    idleCpuPercent: idle && { ...idle.idleCpuPercent, overMs: idleMs },
    storm: storm && { ...storm, invalid: undefined },
    twoGateways: gateways && { ...gateways, invalid: undefined },
    bytesPerMatchDay: matchDay,
    bars: barsOf(sections, sizes),
    invalid: [fanout, idle, storm, gateways].flatMap((section) => section?.invalid ?? []).concat(failures),
  };
}

const PAIRS = [
  ['legacy/loop', 'legacy', 'loopOfLegacy'],
  ['v2/loop', 'v2', 'loop'],
  ['legacy/socketio', 'legacy', 'socketio'],
  ['v2/socketio', 'v2', 'socketio'],
] as const;
/** The number of clients whose ratios stand first; the others are in `bySize`. */
const FIRST = 1_000;

function ratiosOf(fanout: FanOut, sizes: readonly number[]) {
  const ratiosAt = sizes.includes(FIRST) ? FIRST : Math.max(...sizes);
  const bySize = Object.fromEntries(sizes.map((size) => [size, ratiosAtSize(fanout, size)]));
  return { ratiosAt, ...ratiosAtSize(fanout, ratiosAt), bySize };
}

function ratiosAtSize(fanout: FanOut, size: number) {
  const of = (way: 'one' | 'five', figure: 'cpuUsPerDelivery' | 'p99Ms') =>
    Object.fromEntries(PAIRS.map(([name, ours, base]) => [name, fanout.ratioOf(size, way, ours, base, figure)]));
  return {
    cpuPerDelivery: of('one', 'cpuUsPerDelivery'),
    five: of('five', 'cpuUsPerDelivery'),
    p99: of('one', 'p99Ms'),
    p99OfFive: of('five', 'p99Ms'),
  };
}

function barsOf({ fanout, idle, storm, gateways }: Sections, sizes: readonly number[]) {
  const ratio = (size: number, way: 'one' | 'five', figure: 'cpuUsPerDelivery' | 'p99Ms', base: 'loop' | 'socketio') =>
    fanout?.ratioOf(size, way, 'v2', base, figure);
  const perSize = sizes.flatMap((size) => [
    [`cpuPerDelivery v2/loop, ${size}`, bar(ratio(size, 'one', 'cpuUsPerDelivery', 'loop'), 0.95)],
    [`cpuPerDelivery v2/socketio, ${size}`, bar(ratio(size, 'one', 'cpuUsPerDelivery', 'socketio'), 0.75)],
    [
      `cpuPerDelivery legacy/loop, ${size}`,
      bar(fanout?.ratioOf(size, 'one', 'legacy', 'loopOfLegacy', 'cpuUsPerDelivery'), 0.95),
    ],
    [`five v2/loop, ${size}`, bar(ratio(size, 'five', 'cpuUsPerDelivery', 'loop'), 0.35)],
    [`p99 v2/loop, ${size}`, bar(ratio(size, 'one', 'p99Ms', 'loop'), 1.1)],
  ]);
  return Object.fromEntries([
    ...perSize,
    ['rssPerIdleClientKB v2', bar(idle?.rssPerIdleClientKB.v2, 12)],
    ['rssPerIdleClientKB legacy', bar(idle?.rssPerIdleClientKB.legacy, 12)],
    ['idleCpuPercent v2', bar(idle?.idleCpuPercent.v2, 1)],
    ['idleCpuPercent legacy', bar(idle?.idleCpuPercent.legacy, 1)],
    ['storm statements', bar(storm?.statements, 10)],
    ['storm currentMs', bar(storm?.currentMs, 2_000)],
    ['storm score p50', bar(storm?.scoreP50.ratio, 1.2)],
    ['two gateways, last client p99', bar(gateways?.lastP99Ms.ratio, 1.3)],
  ]);
}
