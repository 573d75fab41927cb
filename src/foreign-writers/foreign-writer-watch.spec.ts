import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import type { MatchState } from '../domain/match-state.js';
import { EventLog } from '../kernel/event-log.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { MatchStates } from '../score-writer/ports/match-states.js';
import { ResolvedScoreWriterOptions, resolveScoreWriterOptions } from '../score-writer/score-writer.options.js';
import { FakeClock } from '../testing/fake-clock.js';
import { emptyRow } from '../testing/in-memory-score-row.js';
import { ForeignNews } from './foreign-news.js';
import { ForeignWriterWatch } from './foreign-writer-watch.js';
import { resolveForeignWritersOptions } from './foreign-writers.options.js';
import { type ForeignWriterNews, ForeignWriteStore } from './ports/foreign-write-store.js';
import { ProtectedRows } from './protected-rows.js';
import { TriggerMode } from './trigger-mode.js';

class StoreOfTwo extends ForeignWriteStore {
  news: ForeignWriterNews = { mode: 'off', authorities: null, writes: [] };
  away = false;
  readonly calls: string[] = [];

  override async read(): Promise<ForeignWriterNews> {
    if (this.away) throw new Error('away');
    this.calls.push('read');
    return this.news;
  }
  override async nameAuthorities(sources: readonly string[]): Promise<void> {
    this.calls.push(`authorities ${sources.join()}`);
  }
  override async protect(matchIds: readonly string[], protectMs: number): Promise<void> {
    this.calls.push(`protect ${matchIds.join()} ${protectMs}`);
  }
  override async unprotect(): Promise<readonly string[]> {
    return [];
  }
  override async protectedMatches(): Promise<readonly string[]> {
    return [];
  }
  override async prune(keep: number): Promise<void> {
    this.calls.push(`prune ${keep}`);
  }
}

class OneLiveOneEnded extends MatchStates {
  override peek(matchId: string): MatchState {
    return { ...emptyRow(matchId), status: matchId === 'live' ? 4 : 8 };
  }
  override held(): readonly string[] {
    return ['live', 'ended'];
  }
  override async release(): Promise<boolean> {
    return true;
  }
}

class Hand extends Scheduler {
  nowMs = 0;
  override monotonicMs(): number {
    return this.nowMs;
  }
  override after(): Cancel {
    return () => undefined;
  }
  override random(): number {
    return 0.5;
  }
  override every(): Cancel {
    return () => undefined;
  }
}

describe('the watch over foreign writers', () => {
  let store: StoreOfTwo;
  let foreign: TriggerMode;
  let hand: Hand;
  let right: { granted: boolean };
  let watch: ForeignWriterWatch;

  beforeEach(() => {
    Logger.overrideLogger(false);
    store = new StoreOfTwo();
    foreign = new TriggerMode(resolveForeignWritersOptions());
    hand = new Hand();
    right = { granted: true };
    const options: ResolvedScoreWriterOptions = resolveScoreWriterOptions({ protectMs: 60_000 });
    const news = { tell: async () => undefined } as unknown as ForeignNews;
    watch = new ForeignWriterWatch(
      store,
      foreign,
      news,
      new ProtectedRows(options, store, new OneLiveOneEnded(), hand),
      right as WriteFence,
      hand,
      new EventLog(new FakeClock(0)),
      new LiveScoreMetrics(),
    );
  });
  afterEach(() => Logger.overrideLogger(['error', 'warn', 'log']));

  const protections = () => store.calls.filter((call) => call.startsWith('protect'));

  it.each(['off', 'observe'] as const)('asks for no protection in mode %s', async (mode) => {
    store.news = { authorities: null, mode, writes: [] };
    await watch.poll();
    expect([foreign.mode, foreign.protectMs, protections()]).toEqual([mode, null, []]);
  });

  it('protects live matches in mode protect, and again when a quarter of the time is over', async () => {
    store.news = { authorities: null, mode: 'protect', writes: [] };
    for (const atMs of [0, 500, 14_999, 15_000, 15_500]) {
      hand.nowMs = atMs;
      await watch.poll();
    }
    expect(foreign.protectMs).toBe(60_000);
    expect(protections()).toEqual(['protect live 60000', 'protect live 60000']);
  });

  it('asks nobody while another process takes the feed, and starts over afterwards', async () => {
    store.news = { authorities: null, mode: 'protect', writes: [] };
    await watch.poll();
    right.granted = false;
    store.calls.length = 0;
    await watch.poll();
    expect([store.calls, foreign.protectMs]).toEqual([[], null]);
    right.granted = true;
    await watch.poll();
    expect(protections()).toHaveLength(1);
  });

  it('keeps the mode while the database does not answer', async () => {
    store.news = { authorities: null, mode: 'protect', writes: [] };
    await watch.poll();
    store.away = true;
    await watch.poll();
    expect([foreign.mode, foreign.protectMs]).toEqual(['protect', 60_000]);
  });

  it('deletes old traces once a minute', async () => {
    for (let n = 0; n <= 120; n++) await watch.poll();
    expect(store.calls.filter((call) => call === 'prune 10000')).toHaveLength(2);
  });
});
