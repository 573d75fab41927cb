import { beforeEach, describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import type { MatchRouter } from '../../contracts/match-router.js';
import type { WriteFence } from '../../contracts/write-fence.js';
import { FakeClock } from '../../testing/index.js';
import { LiveLists } from './live-lists.js';

describe('the live matches of both sides', () => {
  let clock: FakeClock;
  let fence: { granted: boolean; lost$: Subject<void> };
  let lists: LiveLists;
  beforeEach(() => {
    clock = new FakeClock(1_800_000_000_000);
    fence = { granted: true, lost$: new Subject<void>() };
    lists = new LiveLists(fence as unknown as WriteFence, clock);
  });
  const unknown = { state: 'unknown', gap: null };

  it('are compared match by match: equal numbers of other matches are no agreement', () => {
    lists.provider(['a', 'b', 'c']);
    lists.rows(['b', 'c', 'd']);
    expect(lists.facts()).toEqual({ state: 'known', gap: { provider: 3, rows: 3, onlyProvider: 1, onlyRows: 1 } });
  });

  it('are not known before both were read at about the same time', () => {
    expect(lists.facts()).toEqual(unknown);
    lists.rows(['a']);
    expect(lists.facts()).toEqual(unknown);
    lists.provider(['a']);
    clock.advance(60_001);
    lists.rows(['a']);
    expect(lists.facts()).toEqual(unknown);
  });

  it('are not known any more two minutes after they were compared', () => {
    lists.provider([]);
    lists.rows([]);
    clock.advance(120_000);
    expect(lists.facts().state).toBe('known');
    clock.advance(1);
    expect(lists.facts()).toEqual(unknown);
  });

  it('are not compared while every match is on the legacy path: nobody reads the rows then', () => {
    const router = { active: false };
    lists = new LiveLists(fence as unknown as WriteFence, clock, router as MatchRouter);
    expect(lists.facts()).toEqual({ state: 'off', gap: null });
    router.active = true;
    expect(lists.facts()).toEqual(unknown);
  });

  it('are forgotten by a process that takes the feed no more', () => {
    lists.provider(['a']);
    lists.rows(['a']);
    fence.granted = false;
    fence.lost$.next();
    expect(lists.facts()).toEqual({ state: 'standby', gap: null });
    fence.granted = true;
    expect(lists.facts()).toEqual(unknown);
  });
});
