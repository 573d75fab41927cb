import { describe, expect, it } from '@jest/globals';
import type { ScoreCommitted } from '../../contracts/committed-changes.js';
import { Measured } from './measured.js';
import { Series, type SeriesPoint } from './series.js';
import { ToldScores } from './told-scores.js';
import { ALWAYS, isWithin } from './window.js';

function goal(n: number, change: Partial<ScoreCommitted> = {}): ScoreCommitted {
  return {
    kind: 'score',
    matchId: `m${n}`,
    epoch: 0,
    version: n,
    source: 'mqtt',
    events: [{ type: 'goal', side: 'home', homeScore: n, awayScore: 0, time: null, playerId: null, playerName: null }],
    catchUp: false,
    receivedAtMs: 1_000 * n,
    committedAtMs: 1_000 * n + 5,
    ...change,
  } as ScoreCommitted;
}

describe('what clients were told of scores', () => {
  it('is the last 500 goals, with how long each took', () => {
    const scores = new ToldScores();
    for (let n = 1; n <= 510; n++) scores.take({ changes: [goal(n)], sentAtMs: 1_000 * n + 8 });
    const goals = scores.goals(ALWAYS);
    expect([goals.length, goals[0]?.matchId, goals.at(-1)?.matchId]).toEqual([500, 'm11', 'm510']);
    expect(goals.at(-1)).toMatchObject({ receiveToCommitMs: 5, commitToScreenMs: 3, score: [510, 0], atMs: 510_008 });
    expect(scores.latency.receiveToScreen).toEqual({ count: 510, p50: 8, p95: 8, p99: 8, max: 8 });
  });

  it('has no latency of what somebody else wrote, nor a negative one when a clock was set', () => {
    const scores = new ToldScores();
    scores.take({ changes: [goal(1, { source: 'foreign' })], sentAtMs: 90_000 });
    expect(scores.latency.receiveToCommit.count).toBe(0);
    scores.take({ changes: [goal(2, { receivedAtMs: 5_000 })], sentAtMs: 1 });
    expect(scores.latency).toMatchObject({ receiveToCommit: { max: 0 }, commitToScreen: { max: 0 } });
    expect(scores.goals(ALWAYS)).toHaveLength(2);
  });

  it('is measured for a point of the series apart from the rest', () => {
    const scores = new ToldScores();
    scores.take({ changes: [goal(1)], sentAtMs: 1_008 });
    expect(scores.takeLatency().receiveToScreen.p95).toBe(8);
    expect(scores.takeLatency().receiveToScreen.p95).toBeNull();
    expect(scores.latency.receiveToScreen.count).toBe(1);
  });
});

describe('the series', () => {
  it('holds an hour, and every column is as long as the others', () => {
    const series = new Series();
    const empty = { messagesPerS: 1, clients: null, feed: 4 } as unknown as SeriesPoint;
    for (let n = 1; n <= 800; n++) series.add({ ...empty, atMs: n });
    const facts = series.facts(ALWAYS);
    expect([facts.atMs.length, facts.atMs[0], facts.atMs.at(-1)]).toEqual([720, 81, 800]);
    expect(facts.feed).toHaveLength(720);
    expect(series.facts({ sinceMs: 799, untilMs: 800 }).atMs).toEqual([799]);
  });

  it('tells each point once to who asks again and again', () => {
    const windows = [0, 10, 20, 30].map((sinceMs) => ({ sinceMs, untilMs: sinceMs + 10 }));
    for (let atMs = 0; atMs < 40; atMs++) expect(windows.filter((window) => isWithin(atMs, window))).toHaveLength(1);
  });
});

describe('measurements', () => {
  it('are the newest ones', () => {
    const measured = new Measured(3);
    expect(measured.percentiles()).toEqual({ count: 0, p50: null, p95: null, p99: null, max: null });
    for (const ms of [900, 1, 2, 3.144]) measured.add(ms);
    expect(measured.percentiles()).toEqual({ count: 3, p50: 2, p95: 3.14, p99: 3.14, max: 3.14 });
  });
});
