import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ScoreCommitted } from '../contracts/committed-changes.js';
import type { MatchState } from '../domain/match-state.js';
import { UNKNOWN_MATCH } from '../domain/outcomes.js';
import { EventLog } from '../kernel/event-log.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { FakeClock } from '../testing/index.js';
import { CommitReports } from './commit-reports.js';
import { DecisionLog } from './decision-log.js';
import { DecisionMemory } from './decision-memory.js';
import type { LookupRequests } from './lookup-requests.js';

const MINUTE_MS = 60_000;
const clock = new FakeClock();
let lines: unknown[][] = [];

beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
  for (const level of ['log', 'warn', 'error'] as const) {
    jest.spyOn(Logger.prototype, level).mockImplementation((...line: unknown[]) => {
      lines.push(line);
    });
  }
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

function reporters() {
  const lookups = { parked: () => undefined, send: () => undefined, contradicted: () => undefined };
  const log = new DecisionLog(
    clock,
    new EventLog(clock),
    { count: () => undefined } as never,
    new DecisionMemory(),
    lookups as never,
  );
  const foreign = { publish: () => undefined } as never;
  const reports = new CommitReports(
    clock,
    new EventLog(clock),
    log,
    lookups as unknown as LookupRequests,
    new LiveScoreMetrics(),
    foreign,
  );
  return { log, reports };
}

const update = (matchId: string) =>
  ({
    matchId,
    source: 'mqtt',
    delivery: 'push',
    receivedAtMs: clock.nowMs(),
    providerTimeS: null,
    score: { home: [], away: [] },
  }) as never;
const state = (matchId: string, home: number) =>
  ({ matchId, status: 2, shown: { home, away: 0 }, minute: 1 }) as unknown as MatchState;
const text = () => JSON.stringify(lines);

describe('how much is logged', () => {
  it('is not chosen by who sends unknown matches', () => {
    const { log } = reporters();
    for (let n = 0; n < 10_000; n++) log.judged(update(`unknown ${n}`), UNKNOWN_MATCH, null, clock.nowMs());
    log.writeDown();
    expect(lines).toHaveLength(60);
    jest.advanceTimersByTime(MINUTE_MS);
    expect(lines.slice(60)).toEqual([['More updates were rejected than the log tells', { lines: 9_940 }]]);
  });

  it('is not chosen by who changes scores, says what cannot be written, or writes the rows of others', () => {
    const { reports } = reporters();
    for (let n = 0; n < 1_000; n++) {
      const matchId = `m${n}`;
      const fact = { matchId, before: state(matchId, 0), after: state(matchId, 1), receivedAtMs: 0, committedAtMs: 0 };
      reports.committed([], [fact as unknown as ScoreCommitted]);
      reports.dead(matchId, new Error('no'));
      (reports.foreignChange as (...facts: unknown[]) => void)(state(matchId, 0), state(matchId, 1), 'accepted');
    }
    expect(lines).toHaveLength(2 * 120 + 60 + 60);
    jest.advanceTimersByTime(MINUTE_MS);
    expect(lines.slice(360)).toEqual([
      ['More changes can never be written than the log tells', { lines: 940 }],
      ['More live matches were changed by somebody else than the log tells', { lines: 940 }],
      ['More changes were committed than the log tells', { lines: 880 }],
    ]);
  });

  it('shows ids with marks of direction, line separators and letters without width as what they are', () => {
    const { log, reports } = reporters();
    const matchId = 'a\u202eb\u2028c\u200bd';
    log.judged(update(matchId), UNKNOWN_MATCH, null, clock.nowMs());
    log.writeDown();
    const fact = { matchId, before: state(matchId, 0), after: state(matchId, 1), receivedAtMs: 0, committedAtMs: 0 };
    reports.committed([], [fact as unknown as ScoreCommitted]);
    reports.dead(matchId, new Error(matchId));
    (reports.foreignChange as (...facts: unknown[]) => void)(state(matchId, 0), state(matchId, 1), 'accepted');
    expect(lines).toHaveLength(5);
    expect(text()).not.toMatch(/[\u202e\u2028\u200b]/);
    expect(text().split('a\\\\u202eb\\\\u2028c\\\\u200bd')).toHaveLength(7);
  });
});
