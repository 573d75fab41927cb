import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { MatchWriteQueue } from '../../examples/legacy/match-write-queue.js';
import type { FieldUpdate, LegacyOrchestrator, LegacyQueueItem, UpdateResult } from '../../src/rollout/index.js';

const NOW_S = 1_795_436_000;

describe('MatchWriteQueue', () => {
  let orchestrator: ScriptedOrchestrator;
  let queue: MatchWriteQueue;

  beforeEach(() => {
    jest.useFakeTimers({ now: NOW_S * 1000 });
    Logger.overrideLogger(false);
    orchestrator = new ScriptedOrchestrator();
    queue = new MatchWriteQueue(orchestrator);
  });

  afterEach(() => {
    queue.stop();
    Logger.overrideLogger(['fatal']);
    jest.useRealTimers();
  });

  it('writes every 100 ms', async () => {
    queue.enqueue('a', scoreItem(1, 0));
    await jest.advanceTimersByTimeAsync(99);
    expect(orchestrator.calls).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(orchestrator.calls).toHaveLength(1);
  });

  it('makes one update of two goals within the interval', async () => {
    queue.enqueue('a', scoreItem(1, 0));
    queue.enqueue('a', scoreItem(2, 0));
    await jest.advanceTimersByTimeAsync(100);
    expect(orchestrator.calls.map(({ values }) => values.home_score_display)).toEqual([2]);
  });

  it('keeps the last value of each type and the highest of both times', async () => {
    queue.enqueue('a', { ...scoreItem(1, 0), providerUpdateTime: NOW_S, ingestionTs: NOW_S });
    queue.enqueue('a', { type: 'status', data: 4, providerUpdateTime: NOW_S - 5, ingestionTs: NOW_S - 5 });
    await jest.advanceTimersByTimeAsync(100);
    const { values, updates } = orchestrator.calls[0]!;
    expect(values).toMatchObject({ status_id: 4, provider_update_time: NOW_S, last_event_ts: NOW_S });
    expect(new Set(updates.map(({ timestamp }) => timestamp))).toEqual(new Set([NOW_S]));
  });

  it('makes these columns of a score item: no status, no arrays, nothing that is null or not a number', async () => {
    queue.enqueue('a', scoreItem(2, Number.NaN));
    await jest.advanceTimersByTimeAsync(100);
    expect(orchestrator.calls[0]?.values).toEqual({
      home_score_display: 2,
      home_score_regular: 2,
      last_event_ts: NOW_S,
    });
    expect(orchestrator.calls[0]?.updates[0]).toMatchObject({ source: 'mqtt', priority: 3, timestamp: NOW_S });
  });

  it('passes incidents and statistics on as they are', async () => {
    const incidents = [{ type: 1 }];
    queue.enqueue('a', { ...scoreItem(0, 0), type: 'incidents', data: incidents });
    queue.enqueue('a', { ...scoreItem(0, 0), type: 'statistics', data: { corners: { home: 1, away: 0 } } });
    await jest.advanceTimersByTimeAsync(100);
    expect(orchestrator.calls[0]?.values).toMatchObject({ incidents, statistics: { corners: { home: 1, away: 0 } } });
  });

  it('writes at once when ten matches wait, one after another', async () => {
    for (let i = 0; i < 10; i++) queue.enqueue(`m${i}`, scoreItem(1, 0));
    await jest.advanceTimersByTimeAsync(0);
    expect(orchestrator.calls.map(({ matchId }) => matchId)).toEqual(Array.from({ length: 10 }, (_, i) => `m${i}`));
    expect(orchestrator.mostAtOnce).toBe(1);
  });

  it('leaves what comes while it writes for the next tick', async () => {
    orchestrator.hold();
    queue.enqueue('a', scoreItem(1, 0));
    await jest.advanceTimersByTimeAsync(100);
    for (let i = 0; i < 12; i++) queue.enqueue(`m${i}`, scoreItem(1, 0));
    await queue.flush();
    expect(queue.getStats()).toEqual({ queueSize: 12, batchSize: 10, flushIntervalMs: 100, isFlushing: true });
    orchestrator.release();
    await jest.advanceTimersByTimeAsync(0);
    expect(orchestrator.calls).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(100);
    expect(orchestrator.calls).toHaveLength(13);
  });

  it.each<[what: string, result: UpdateResult | Error]>([
    ['a busy lock', { status: 'retry', reason: 'Lock busy - another job is writing to this match' }],
    ['a rejection', { status: 'rejected', reason: 'Match not found in database' }],
    ['an error', new Error('down')],
  ])('never repeats an update that met %s, and goes on with the next match', async (_what, result) => {
    orchestrator.results.push(result);
    queue.enqueue('a', scoreItem(1, 0));
    queue.enqueue('b', scoreItem(1, 0));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(orchestrator.calls.map(({ matchId }) => matchId)).toEqual(['a', 'b']);
    expect(queue.getStats()).toMatchObject({ queueSize: 0, isFlushing: false });
  });

  it('writes what waits when it stops, without waiting for it', async () => {
    queue.enqueue('a', scoreItem(1, 0));
    queue.stop();
    await jest.advanceTimersByTimeAsync(0);
    expect(orchestrator.calls).toHaveLength(1);
  });

  it('loses what waits when it stops while it writes', async () => {
    orchestrator.hold();
    queue.enqueue('a', scoreItem(1, 0));
    await jest.advanceTimersByTimeAsync(100);
    queue.enqueue('b', scoreItem(1, 0));
    queue.stop();
    orchestrator.release();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(orchestrator.calls.map(({ matchId }) => matchId)).toEqual(['a']);
  });
});

interface Call {
  readonly matchId: string;
  readonly updates: readonly FieldUpdate[];
  readonly values: Readonly<Record<string, unknown>>;
}

class ScriptedOrchestrator implements LegacyOrchestrator {
  readonly calls: Call[] = [];
  readonly results: (UpdateResult | Error)[] = [];
  mostAtOnce = 0;
  private atOnce = 0;
  private gate: Promise<void> = Promise.resolve();
  release: () => void = () => undefined;

  hold(): void {
    this.gate = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  async updateMatch(matchId: string, updates: readonly FieldUpdate[]): Promise<UpdateResult> {
    this.calls.push({
      matchId,
      updates,
      values: Object.fromEntries(updates.map(({ field, value }) => [field, value])),
    });
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await this.gate;
    this.atOnce--;
    const result = this.results.shift() ?? { status: 'success', fieldsUpdated: [] };
    if (result instanceof Error) throw result;
    return result;
  }
}

function scoreItem(home: number, away: number): LegacyQueueItem {
  const side = (score: number) => ({ score, regularScore: score });
  return {
    type: 'score',
    data: { matchId: 'a', status: 4, statusId: 4, minute: null, home: side(home), away: side(away) },
    providerUpdateTime: null,
    ingestionTs: NOW_S,
  };
}
