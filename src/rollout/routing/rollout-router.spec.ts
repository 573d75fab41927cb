import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { settingOf } from '../../../test/contracts/rollout-store.contract.js';
import { RouterUnderTest } from '../../../test/rollout/router-under-test.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import { ShadowSink } from '../ports/shadow-sink.js';

class RecordingShadow extends ShadowSink {
  readonly calls: string[] = [];
  throws = false;

  override observe(update: MatchUpdate): void {
    this.note(`observe ${update.matchId} ${update.receivedAtMs}`);
  }

  override forget(matchId: string): void {
    this.note(`forget ${matchId}`);
  }

  private note(call: string): void {
    this.calls.push(call);
    if (this.throws) throw new Error('The comparison was told to throw');
  }
}

describe('the router', () => {
  let warn: jest.Spied<Logger['warn']>;
  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => {});
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const gotBy = (under: RouterUnderTest, path: 'direct' | 'legacy') =>
    under.log.got.filter((entry) => entry.path === path).map(({ matchId, number }) => `${matchId} ${number}`);
  const counted = async (under: RouterUnderTest) =>
    Object.fromEntries(
      (await under.metrics.updatesRouted.get()).values.map(({ labels, value }) => [labels.route, value]),
    );

  it('sends the matches of one message down their paths, the direct ones first, and counts them', async () => {
    const under = await RouterUnderTest.on();
    await under.store.pin('d', 'direct');
    await under.set({ stage: 'shadow', denyMatches: ['l'] });
    const [shadowed, direct, left] = under.submit(['s', 'd', 'l']);
    expect(gotBy(under, 'direct')).toEqual(['d 1000']);
    expect(gotBy(under, 'legacy')).toEqual([]);
    expect([under.fateOf(shadowed), under.fateOf(direct), under.fateOf(left)]).toEqual([['shadow'], [], ['legacy']]);
    await under.time.advance(50);
    expect(gotBy(under, 'legacy')).toEqual(['s 1000', 'l 1000']);
    expect(under.fateOf(direct)).toEqual(['applied']);
    expect(await counted(under)).toEqual({ direct: 1, legacy: 1, shadow: 1 });
    expect(under.accounting.balance()).toMatchObject({ applied: 1, legacy: 1, shadow: 1, unaccounted: 0 });
  });

  it('hands a message of direct matches on as it is', async () => {
    const under = await RouterUnderTest.on();
    await under.set({ stage: 'direct' });
    const submit = jest.spyOn(under.direct, 'submit');
    const updates = under.submit(['a', 'b']);
    expect(submit.mock.calls[0]?.[0]).toEqual(updates);
    expect(submit).toHaveBeenCalledTimes(1);
  });

  it('gives the legacy path fresh frames of the feed and nothing else', async () => {
    const under = await RouterUnderTest.on();
    const updates = [
      ...under.submit(['pulled'], { delivery: 'pull', source: 'api' }),
      ...under.submit(['kept'], { waited: true }),
      ...under.submit(['operator'], { source: 'admin' }),
      ...under.submit(['fresh']),
    ];
    await under.time.advance(50);
    expect(gotBy(under, 'legacy')).toEqual(['fresh 1000']);
    expect(updates.map((update) => under.fateOf(update))).toEqual(updates.map(() => ['legacy']));
  });

  it('holds what arrives while the direct path finishes, then lets it go in order', async () => {
    const under = await RouterUnderTest.on({ commitMs: () => 400 });
    await under.set({ stage: 'direct' });
    under.submit(['m']);
    await under.set({ stage: 'legacy' });
    const held = [...under.submit(['m']), ...under.submit(['m'])];
    const other = under.submit(['other']);
    await under.time.advance(300);
    expect([gotBy(under, 'direct'), gotBy(under, 'legacy')]).toEqual([['m 1000'], ['other 1000']]);
    expect([held.map((update) => under.fateOf(update)), under.fateOf(other[0])]).toEqual([[[], []], ['legacy']]);
    expect(under.accounting.balance()).toMatchObject({ inFlight: 3, unaccounted: 0 });
    expect(under.accounting.inFlight().oldestAtMs).toBe(2000);
    await under.time.advance(300);
    expect(gotBy(under, 'legacy')).toEqual(['other 1000', 'm 2000', 'm 3000']);
    expect(under.log.written.find(({ matchId }) => matchId === 'm')).toMatchObject({ number: 1000, path: 'direct' });
  });

  it('starts on the direct path when the legacy queue has written, also when that is flushing already', async () => {
    const under = await RouterUnderTest.on({ legacyWriteMs: () => 60 });
    under.submit(['m', 'n', 'o']);
    await under.time.advance(110);
    under.submit(['m']);
    await under.set({ stage: 'direct' });
    under.submit(['m']);
    await under.time.advance(200);
    expect(gotBy(under, 'direct')).toEqual([]);
    await under.time.advance(500);
    expect(under.log.numbersOf('written', 'm')).toEqual([1000, 2000, 3000]);
    expect(gotBy(under, 'direct')).toEqual(['m 3000']);
  });

  it('waits a second at most for a legacy queue that hangs, and for a commit that does not come', async () => {
    const under = await RouterUnderTest.on({ commitMs: () => 60_000 });
    under.legacy.hangs = true;
    under.submit(['m']);
    await under.time.advance(150);
    await under.set({ stage: 'direct' });
    under.submit(['m']);
    await under.time.advance(990);
    expect(gotBy(under, 'direct')).toEqual([]);
    await under.time.advance(20);
    expect(gotBy(under, 'direct')).toEqual(['m 2000']);
    await under.set({ stage: 'legacy' });
    const [last] = under.submit(['m']);
    await under.time.advance(990);
    expect(under.fateOf(last)).toEqual([]);
    await under.time.advance(30);
    expect([under.fateOf(last), [...under.told.values()].map((fates) => fates[0])]).toEqual([
      ['legacy'],
      ['legacy', 'superseded', 'legacy'],
    ]);
    const moved = (await under.metrics.matchesMoved.get()).values.map(({ labels, value }) => [labels, value]);
    expect(moved).toEqual([
      [{ to: 'direct', result: 'cut-short' }, 1],
      [{ to: 'legacy', result: 'cut-short' }, 1],
    ]);
    expect(warn).toHaveBeenCalledWith('A match changed path before the other one had finished', expect.anything());
  });

  it('goes where the rollout says when the leaving ends, not when it began', async () => {
    const under = await RouterUnderTest.on({ commitMs: () => 200 });
    await under.set({ stage: 'direct' });
    under.submit(['m']);
    await under.set({ stage: 'legacy' });
    under.submit(['m']);
    await under.set({ stage: 'direct' });
    under.submit(['m']);
    await under.time.advance(1_000);
    expect([gotBy(under, 'direct'), gotBy(under, 'legacy')]).toEqual([['m 1000', 'm 2000', 'm 3000'], []]);
  });

  it('moves all matches of a change at the same time', async () => {
    const under = await RouterUnderTest.on({ commitMs: () => 300 });
    await under.set({ stage: 'direct' });
    const ids = Array.from({ length: 500 }, (_, n) => `m${n}`);
    under.submit(ids);
    await under.set({ stage: 'legacy' });
    under.submit(ids);
    await under.time.advance(400);
    expect(gotBy(under, 'legacy')).toHaveLength(500);
  });

  it('holds at most 100 updates of a match that nobody keeps a copy of', async () => {
    const under = await RouterUnderTest.on({ commitMs: () => 500 });
    await under.set({ stage: 'direct' });
    under.submit(['m']);
    await under.set({ stage: 'legacy' });
    const kept = under.submit(['m']);
    const held = Array.from({ length: 150 }, () => under.submit(['m'], { awaitsCommit: false })[0]);
    expect(held.filter((update) => under.fateOf(update)[0] === 'superseded')).toEqual(held.slice(0, 51));
    expect([under.fateOf(kept[0]), under.accounting.balance()]).toEqual([
      [],
      expect.objectContaining({ superseded: 51, unaccounted: 0 }),
    ]);
    await under.time.advance(1_000);
    expect(under.fateOf(kept[0])).toEqual(['legacy']);
    expect(gotBy(under, 'legacy')).toHaveLength(100);
  });

  it('tells the comparison of every update in shadow, and when a match leaves it', async () => {
    const shadow = new RecordingShadow();
    const under = await RouterUnderTest.on({ shadow });
    await under.set({ stage: 'shadow' });
    under.submit(['m']);
    under.submit(['m'], { delivery: 'pull', source: 'api' });
    await under.set({ stage: 'legacy' });
    under.submit(['m']);
    await under.set({ stage: 'shadow' });
    under.submit(['m']);
    await under.set({ stage: 'direct' });
    under.submit(['m']);
    await under.time.advance(1_000);
    expect(shadow.calls).toEqual(['observe m 1000', 'observe m 2000', 'forget m', 'observe m 4000', 'forget m']);
    expect(gotBy(under, 'direct')).toEqual(['m 5000']);
  });

  it('is not disturbed by a comparison or a legacy queue that throws', async () => {
    const shadow = new RecordingShadow();
    const under = await RouterUnderTest.on({ shadow });
    shadow.throws = true;
    under.legacy.throws = true;
    await under.set({ stage: 'shadow' });
    const [update] = under.submit(['m']);
    await under.time.advance(10);
    expect(under.fateOf(update)).toEqual(['shadow']);
    expect((await under.metrics.legacyDropped.get()).values).toContainEqual({ labels: { reason: 'error' }, value: 1 });
    under.legacy.throws = false;
    under.submit(['m']);
    await under.time.advance(10);
    expect(gotBy(under, 'legacy')).toEqual(['m 2000']);
  });

  it('keeps 10,000 updates for the legacy path and gives up the oldest beyond', async () => {
    const under = await RouterUnderTest.on();
    for (let n = 0; n < 10_010; n++) under.submit(['m'], { awaitsCommit: false });
    expect((await under.metrics.legacyDropped.get()).values).toContainEqual({
      labels: { reason: 'overflow' },
      value: 10,
    });
    await under.router.beforeApplicationShutdown();
    expect(gotBy(under, 'legacy')).toHaveLength(10_000);
    expect(gotBy(under, 'legacy')[0]).toBe('m 11000');
  });

  it('ends with no match between two paths and nothing left for the legacy one', async () => {
    const under = await RouterUnderTest.on({ commitMs: () => 300 });
    await under.set({ stage: 'direct' });
    under.submit(['m']);
    await under.set({ stage: 'legacy' });
    under.submit(['m']);
    let ended = false;
    void under.router.beforeApplicationShutdown().then(() => {
      ended = true;
    });
    await under.time.advance(200);
    expect(ended).toBe(false);
    await under.time.advance(200);
    expect([ended, gotBy(under, 'legacy')]).toEqual([true, ['m 2000']]);
    under.router.onApplicationShutdown();
  });

  it('lets a match go that only the writer remembers', async () => {
    const under = await RouterUnderTest.on({ commitMs: () => 300 });
    under.direct.submit([...under.submit(['elsewhere'], { source: 'admin' })].map((one) => ({ ...one, matchId: 'm' })));
    await under.set({ stage: 'direct' });
    await under.set({ stage: 'legacy' });
    under.submit(['m']);
    await under.time.advance(100);
    expect(gotBy(under, 'legacy')).toEqual([]);
    await under.time.advance(300);
    expect(gotBy(under, 'legacy')).toEqual(['m 1000']);
  });

  it('of a host without a legacy path goes nowhere but the direct way, whatever is set', async () => {
    const under = await RouterUnderTest.on({ legacy: 'none' });
    const [update] = under.submit(['m']);
    await expect(under.set({ stage: 'legacy' })).rejects.toMatchObject({ code: 'LIVESCORE_NO_LEGACY_PATH' });
    await under.store.append(settingOf({ stage: 'shadow' }), 'elsewhere', 'test', null);
    await under.store.pin('m', 'legacy');
    await under.state.refresh();
    under.submit(['m']);
    await under.time.advance(50);
    expect([under.fateOf(update), under.router.routeOf('m'), gotBy(under, 'direct').at(-1)]).toEqual([
      ['superseded'],
      'direct',
      'm 2000',
    ]);
  });

  it('survives a receipt that throws', async () => {
    const under = await RouterUnderTest.on();
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const [update] = under.submit(['m']);
    const settled = () => {
      throw new Error('The receipt was told to throw');
    };
    if (update) under.router.submit([update], { awaitsCommit: true, concluded: settled }, under.direct);
    expect(error).toHaveBeenCalledTimes(1);
  });
});
