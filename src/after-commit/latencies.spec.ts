import { describe, expect, it } from '@jest/globals';
import type { Committed, IncidentsCommitted, ScoreCommitted } from '../contracts/committed-changes.js';
import { Latencies } from './latencies.js';

type EventTypes = readonly ScoreCommitted['events'][number]['type'][];

function score(events: EventTypes, receivedAtMs: number, committedAtMs: number): Committed {
  return {
    kind: 'score',
    events: events.map((type) => ({ type })),
    receivedAtMs,
    committedAtMs,
  } as unknown as ScoreCommitted;
}

describe('the latencies', () => {
  it('say nothing in numbers while nothing was measured', () => {
    expect(new Latencies().stats()).toEqual({
      eventType: 'ALL',
      count: 0,
      avgTotalLatency: null,
      avgProcessingLatency: null,
      avgBroadcastLatency: null,
      minLatency: null,
      maxLatency: null,
      p50: null,
      p95: null,
      p99: null,
    });
  });

  it('are split into the way to the commit and the way to the clients, per event', () => {
    const latencies = new Latencies();
    latencies.measure(score(['goal', 'score-changed', 'kick-off'], 1_000, 1_030), 1_034);
    latencies.measure(score(['state-changed'], 2_000, 2_010), 2_010);
    expect(latencies.count).toBe(3);
    expect(latencies.stats('GOAL')).toEqual({
      eventType: 'GOAL',
      count: 1,
      avgTotalLatency: 34,
      avgProcessingLatency: 30,
      avgBroadcastLatency: 4,
      minLatency: 34,
      maxLatency: 34,
      p50: 34,
      p95: 34,
      p99: 34,
    });
    expect(latencies.stats()).toMatchObject({ eventType: 'ALL', count: 3, minLatency: 10, maxLatency: 34 });
    expect(latencies.stats('NO_SUCH_EVENT')).toMatchObject({ eventType: 'NO_SUCH_EVENT', count: 0, p99: null });
  });

  it('count incidents that clients hear of, and no minute of the tick', () => {
    const latencies = new Latencies();
    const fresh = [{ type: 3 }, { type: 9 }, { type: 99 }];
    const times = { receivedAtMs: 0, committedAtMs: 5 };
    latencies.measure({ kind: 'incidents', fresh, corrected: [], ...times } as unknown as IncidentsCommitted, 9);
    latencies.measure({ kind: 'minute', ...times } as unknown as Committed, 9);
    expect(latencies.count).toBe(2);
    expect(latencies.stats('CARD')).toMatchObject({ count: 1, p50: 9 });
  });

  it('are the last thousand, and no more are kept', () => {
    const latencies = new Latencies();
    for (let ms = 1; ms <= 2_500; ms++) latencies.measure(score(['score-changed'], 0, ms), ms);
    expect(latencies.count).toBe(1_000);
    expect(latencies.stats()).toMatchObject({
      count: 1_000,
      minLatency: 1_501,
      maxLatency: 2_500,
      avgTotalLatency: 2_000.5,
      p50: 2_000,
      p95: 2_450,
      p99: 2_490,
    });
  });

  it('are never negative, whichever way the clock was set', () => {
    const latencies = new Latencies();
    latencies.measure(score(['goal'], 1_000, 900), 800);
    expect(latencies.stats()).toMatchObject({ minLatency: 0, maxLatency: 0 });
  });
});
