import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { matchState, scoreCommitted } from '../../test/support/committed-changes.js';
import { MinuteUnderTest, MINUTE_T as T } from '../../test/support/minute-under-test.js';
import { ScheduleRegistration } from '../schedule/ports/schedule-registration.js';
import type { MinuteOptions } from './minute.options.js';
import { TICK_NAME } from './minute-tick.js';

let under: MinuteUnderTest;

async function start(options: MinuteOptions = {}, ...rest: [object?]): Promise<MinuteUnderTest> {
  under = new MinuteUnderTest({ mode: 'on', ...options }, ...rest);
  return under.start();
}

beforeAll(() => Logger.overrideLogger(false));
afterEach(() => under.stop());

describe('the tick', () => {
  it('gives every match in play its minute within one period, and stops with the application', async () => {
    await start();
    for (let n = 0; n < 318; n++) under.firstHalf(`m${n}`, n);
    await under.passS(30);
    expect(under.store.writes).toHaveLength(318);
    expect(under.store.row('m59')?.minute).toBe(2);
    await under.stop();
    await under.passS(300);
    expect(under.store.writes).toHaveLength(318);
  });

  it('is one statement for all of them, and writes only those that changed', async () => {
    await start();
    for (let n = 0; n < 318; n++) under.firstHalf(`m${n}`, n % 60, { minute: 1 });
    await under.passS(30);
    const { ticks } = under.store;
    const before = under.store.writes.length;
    await under.passS(30);
    expect(under.store.ticks).toBe(ticks + 1);
    expect(under.store.writes.length - before).toBeLessThan(318);
    expect([...Array(318).keys()].map((n) => under.store.row(`m${n}`)?.minute)).toEqual(
      [...Array(318).keys()].map((n) => 1 + Math.floor(((n % 60) + 60) / 60)),
    );
  });

  it('tells the minutes of one tick together, with version, epoch and clock', async () => {
    await start();
    under.firstHalf('a', 90, { version: 4, epoch: 2 });
    under.firstHalf('b', 200);
    await under.passS(30);
    expect(under.batches).toHaveLength(2 - 1);
    expect(under.batches[0]).toMatchObject([
      { matchId: 'a', version: 4, epoch: 2, status: 2, minute: 3, clock: { startedAt: T - 90, period: 'first-half' } },
      { matchId: 'b', minute: 4 },
    ]);
  });

  it('never replaces a minute by none, and leaves a shoot-out as it is', async () => {
    await start();
    const none = { firstHalfS: null, secondHalfS: null, overtimeS: null };
    under.store.put('et', { status: 5, kickoffs: none, minute: 93 });
    under.store.put('pen', { status: 7, kickoffs: none, minute: 120 });
    under.store.put('old', { status: 2, kickoffs: { ...none, firstHalfS: T - 9_000 }, minute: 45 });
    await under.passS(60);
    expect(['et', 'pen', 'old'].map((id) => under.store.row(id)?.minute)).toEqual([93, 120, 45]);
    expect(under.store.writes).toEqual([]);
  });

  it('shows an estimate where no kick-off is known', async () => {
    await start();
    const none = { firstHalfS: null, secondHalfS: null, overtimeS: null };
    under.store.put('guess', { status: 2, kickoffs: none, fallbackKickoffS: T - 600 });
    await under.passS(30);
    expect(under.store.row('guess')).toMatchObject({ minute: 11, kickoffs: none });
    expect(under.followed.lastClockOf('guess')).toMatchObject({ startedAt: T - 600, estimated: true });
  });

  it('sets a minute back that somebody else had set, and not one of its own when the clock steps back', async () => {
    await start();
    under.firstHalf('foreign', 600, { minute: 44 });
    await under.passS(30);
    expect(under.store.row('foreign')?.minute).toBe(11);
    const nowMs = under.clock.nowMs.bind(under.clock);
    under.clock.nowMs = () => nowMs() - 120_000;
    await under.passS(30);
    expect(under.store.row('foreign')?.minute).toBe(11);
  });

  it('follows a corrected kick-off backwards', async () => {
    await start();
    under.firstHalf('m', 600);
    await under.passS(30);
    under.store.put('m', { kickoffs: { firstHalfS: T - 300, secondHalfS: null, overtimeS: null } });
    await under.passS(30);
    expect(under.store.row('m')?.minute).toBe(7);
    expect(under.batches.at(-1)).toMatchObject([{ minute: 7, kickoffCorrected: true }]);
    await under.passS(60);
    expect(under.batches.at(-1)?.[0]).not.toHaveProperty('kickoffCorrected');
  });

  it('knows a new kick-off from the commit, and needs no second statement for it', async () => {
    await start();
    under.firstHalf('m', 600);
    await under.passS(30);
    const { ticks } = under.store;
    const kickoffs = { firstHalfS: T - 3_900, secondHalfS: T, overtimeS: null };
    under.store.put('m', { status: 4, kickoffs, minute: 45 });
    const after = matchState({ matchId: 'm', status: 4, kickoffs, fallbackKickoffS: T, minute: 46 });
    under.commit(scoreCommitted(after, []));
    await under.passS(60);
    expect(under.store.ticks).toBe(ticks + 2);
    expect(under.store.row('m')?.minute).toBe(47);
  });

  it('writes matches of the direct path only', async () => {
    await start({}, { routes: { legacy: 'legacy', shadow: 'shadow' } });
    for (const matchId of ['legacy', 'shadow', 'direct']) under.firstHalf(matchId, 600, { minute: 9 });
    await under.passS(30);
    expect(['legacy', 'shadow', 'direct'].map((id) => under.store.row(id)?.minute)).toEqual([9, 9, 11]);
  });

  it('rests while another process takes the feed, and goes on after an outage of the database', async () => {
    await start();
    under.firstHalf('m', 600);
    under.lease.lose();
    await under.passS(60);
    expect(under.store.ticks).toBe(0);
    under.lease.take(6);
    under.store.failure = new Error('away');
    await under.passS(60);
    under.store.failure = null;
    await under.passS(30);
    expect(under.store.row('m')?.minute).toBe(13);
  });

  it('forgets a match that is over, also one that somebody else ended, and one of the legacy path', async () => {
    await start({}, { routes: { legacy: 'legacy' } });
    for (const matchId of ['a', 'b', 'legacy']) under.firstHalf(matchId, 600);
    await under.passS(30);
    expect(under.followed.size).toBe(3);
    under.store.put('a', { status: 8 });
    under.store.put('legacy', { status: 8 });
    under.commit(scoreCommitted({ matchId: 'b', status: 8 }, []));
    under.store.put('b', { status: 8 });
    await under.passS(30);
    expect(under.followed.size).toBe(0);
  });

  it('with precise, each match changes at its own boundary, to the second', async () => {
    await start({ precise: true });
    under.firstHalf('m', 17);
    await under.passS(30);
    for (let second = 30; second < 300; second++) {
      await under.passS(1);
      expect(under.store.row('m')?.minute).toBe(1 + Math.floor((17 + second + 1) / 60));
    }
  });
});

describe('the mode of the minute', () => {
  it('off writes and reads nothing', async () => {
    await start({ mode: 'off' });
    under.firstHalf('m', 600);
    await under.passS(60);
    expect(under.store.ticks).toBe(0);
  });

  it('shadow writes nothing and tells where rows say something else', async () => {
    await start({ mode: 'shadow' });
    under.firstHalf('right', 600, { minute: 11 });
    under.firstHalf('missing', 600);
    under.firstHalf('ahead', 600, { minute: 12 });
    await under.passS(30);
    expect(under.store.writes).toEqual([]);
    expect(under.batches).toEqual([]);
    expect(under.comparison.differences).toEqual([
      { matchId: 'missing', status: 2, stored: null, computed: 11 },
      { matchId: 'ahead', status: 2, stored: 12, computed: 11 },
    ]);
    const text = await under.metrics.registry.metrics();
    expect(text).toContain('livescore_minute_differences_total{kind="missing"} 1');
    expect(text).toContain('livescore_minute_compared_total 3');
  });

  it('is changed by the table at run time, up to what the options allow', async () => {
    await start({ mode: 'shadow' });
    under.firstHalf('m', 600, { minute: 1 });
    for (const [set, expected] of [
      ['off', 'off'],
      ['on', 'shadow'],
      [null, 'shadow'],
      ['nonsense', 'shadow'],
    ] as const) {
      under.store.set = { ...under.store.set, mode: set };
      await under.passS(2);
      expect(under.settings.mode).toBe(expected);
    }
    await under.passS(60);
    expect(under.store.writes).toEqual([]);
  });

  it('goes on while the database cannot be asked', async () => {
    await start();
    under.store.set = { ...under.store.set, mode: 'shadow' };
    await under.passS(2);
    under.store.failure = new Error('away');
    await under.passS(10);
    expect(under.settings.mode).toBe('shadow');
  });
});

describe('the registry of the host', () => {
  class Registry extends ScheduleRegistration {
    readonly names = new Set<string>();
    registered = 0;
    override async register(name: string): Promise<void> {
      this.registered += 1;
      this.names.add(name);
    }
    override remove(name: string): void {
      this.names.delete(name);
    }
    override isRemoved(name: string): boolean {
      return this.registered > 0 && !this.names.has(name);
    }
  }

  it('shows the tick by its name, and stops it when the host deletes it there', async () => {
    const registration = new Registry();
    await start({}, { registration });
    expect([...registration.names]).toEqual([TICK_NAME]);
    under.firstHalf('m', 600);
    await under.passS(30);
    registration.names.clear();
    await under.passS(120);
    expect(under.store.row('m')?.minute).toBe(11);
  });

  it('is left alone while the minute is off', async () => {
    const registration = new Registry();
    await start({ mode: 'off' }, { registration });
    expect(registration.registered).toBe(0);
  });
});
