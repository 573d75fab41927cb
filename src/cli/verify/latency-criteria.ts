import type { LatencyStats } from '../../contracts/latency-facts.js';
import {
  type Criterion,
  fail,
  type Judgement,
  type Measured,
  ofDatabase,
  ofHost,
  pass,
  waiting,
  whenKnown,
} from './facts.js';

/** A percentile of fewer says little. */
const LEAST_MEASURED = 20;
const MOST_WRITE_MS = 100;
const MOST_BROADCAST_MS = 100;
const MOST_SETTLEMENT_MS = 1_000;
const MOST_SCREEN_MS = 2_000;

export const LATENCY_CRITERIA: readonly Criterion[] = [
  {
    id: 'write',
    title: 'feed write',
    target: `p95 < ${MOST_WRITE_MS} ms`,
    judge: (facts) =>
      ofDatabase(
        facts,
        ({ writes }) => writes,
        (writes) => ofWrites(writes, facts.period),
      ),
  },
  {
    id: 'broadcast',
    title: 'feed to broadcast',
    target: `p95 <= ${MOST_BROADCAST_MS} ms`,
    judge: (facts) => ofHost(facts, ({ latency }) => whenKnown(latency, ({ all }) => ofBroadcast(all))),
  },
  {
    id: 'settlement',
    title: 'settlement after a goal',
    target: `p95 <= ${MOST_SETTLEMENT_MS / 1000} s`,
    judge: (facts) =>
      ofDatabase(
        facts,
        ({ settlements }) => settlements,
        (settlements) => ofSettlements(settlements, facts.period),
      ),
  },
  {
    id: 'screen',
    title: 'goal to screen',
    target: `p99 < ${MOST_SCREEN_MS / 1000} s`,
    judge: (facts) => ofHost(facts, ({ latency }) => whenKnown(latency, ({ goals }) => ofGoals(goals))),
  },
];

function ofWrites({ count, p95Ms, slowest }: Measured, period: string): Judgement {
  if (count < LEAST_MEASURED || p95Ms === null) {
    return waiting(
      `${count} writes in ${period}, ${LEAST_MEASURED} are needed`,
      'run it again while matches are played',
    );
  }
  const evidence = `p95 ${ms(p95Ms)} of ${count} writes in ${period}; slowest ${rowsText(slowest)}`;
  if (p95Ms < MOST_WRITE_MS) return pass(evidence);
  return fail(
    evidence,
    'look for locks and load at the database (pg_stat_activity) and at livescore_write_errors_total; with a rollout, `livescore stage set shadow` takes the direct path out',
  );
}

function ofBroadcast({ count, p95, avgProcessingLatency, avgBroadcastLatency }: LatencyStats): Judgement {
  if (count < LEAST_MEASURED || p95 === null) {
    return waiting(`${count} changes were sent, ${LEAST_MEASURED} are needed`, 'run it again while matches are played');
  }
  const evidence = `p95 ${ms(p95)} of the last ${count}: to the commit ${ms(avgProcessingLatency)}, to the clients ${ms(avgBroadcastLatency)} on average`;
  if (p95 <= MOST_BROADCAST_MS) return pass(evidence);
  return fail(
    evidence,
    'the larger part tells where: to the commit, see feed write; to the clients, see the cache (100 ms at most are waited for it) and livescore_ws_cut_off_total',
  );
}

function ofSettlements({ count, p95Ms, slowest }: Measured, period: string): Judgement {
  if (count === 0 || p95Ms === null) return waiting(`no goal of a match with predictions was settled in ${period}`);
  const evidence = `p95 ${ms(p95Ms)} of ${count} goals in ${period}, commit to commit; slowest ${rowsText(slowest)}`;
  if (p95Ms <= MOST_SETTLEMENT_MS) return pass(evidence);
  return fail(
    evidence,
    'look for locks on ai_predictions (pg_stat_activity) and at the line "Predictions could not be settled" of the log',
  );
}

/** What lies before our receipt and behind the send cannot be measured from here. */
function ofGoals({ count, p99, maxLatency }: LatencyStats): Judgement {
  if (count === 0 || p99 === null) return waiting('no goal was sent since the start of the host');
  const evidence = `p99 ${ms(p99)}, at most ${ms(maxLatency)} of ${count} goals, from receipt over commit to send; not in it: the way from the provider to us, and from us to the screen`;
  if (p99 < MOST_SCREEN_MS) return pass(evidence);
  return fail(evidence, 'see feed write and feed to broadcast: whichever is slow is the cause');
}

function rowsText(rows: readonly { matchId: string; version: number; ms: number }[]): string {
  return rows.map((row) => `${row.matchId} v${row.version} ${ms(row.ms)}`).join(', ');
}

function ms(value: number | null): string {
  return value === null ? '-' : `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ms`;
}
