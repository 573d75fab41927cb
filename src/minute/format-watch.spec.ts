import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { matchState, scoreCommitted } from '../../test/support/committed-changes.js';
import { MinuteUnderTest, MINUTE_T as T } from '../../test/support/minute-under-test.js';
import type { MatchState } from '../domain/match-state.js';
import type { MatchStatus } from '../domain/match-status.js';
import type { Incident } from '../domain/match-update.js';
import type { MinuteOptions } from './minute.options.js';

let under: MinuteUnderTest;

async function start(options: MinuteOptions = {}): Promise<void> {
  under = new MinuteUnderTest(options);
  await under.start();
}

beforeAll(() => Logger.overrideLogger(false));
afterEach(() => under.stop());

/** The match moves on, `atS` seconds after its kick-off. */
function move(from: MatchStatus, to: MatchStatus, atS: number, more: Partial<MatchState> = {}): void {
  const kickoffs = { firstHalfS: T, secondHalfS: null, overtimeS: null };
  const known = { matchId: 'm', kickoffs, kickoffSources: { firstHalf: 'mqtt' as const }, ...more };
  const before = matchState({ ...known, status: from });
  under.commit(scoreCommitted({ ...known, status: to, statusSinceS: T + atS }, [], { before }));
}

describe('the format of a match', () => {
  it('is in doubt after an early half-time, here at once and in the table soon', async () => {
    await start();
    move(2, 3, 31 * 60);
    expect(under.followed.isFormatDisputed('m')).toBe(true);
    await under.passS(2);
    expect([...under.store.disputes.values()]).toEqual([{ matchId: 'm', format: '2x45+2x15', playedS: 1_860 }]);
    expect(under.followed.isFormatDisputed('m')).toBe(true);
    expect(under.formats.disputed()).toEqual(['m']);
  });

  it.each<[string, () => void]>([
    ['half-time comes after 40 minutes', () => move(2, 3, 40 * 60)],
    ['the kick-off is a guess', () => move(2, 3, 31 * 60, { kickoffSources: {} })],
    [
      'the first half was interrupted',
      () => {
        move(2, 10, 10 * 60);
        move(10, 2, 20 * 60);
        move(2, 3, 31 * 60);
      },
    ],
    ['the match goes on without a half-time', () => move(2, 4, 31 * 60)],
  ])('is not in doubt when %s', async (_what, happen) => {
    await start();
    happen();
    expect(under.followed.isFormatDisputed('m')).toBe(false);
  });

  it('is not in doubt where the format fits, and comes out of doubt when somebody says it', async () => {
    await start({ formats: { matches: { m: '2x30' } } });
    move(2, 3, 31 * 60);
    expect(under.followed.isFormatDisputed('m')).toBe(false);
    await under.stop();
    await start();
    move(2, 3, 31 * 60);
    await under.passS(2);
    under.store.set = { ...under.store.set, formats: [['match', 'm', '2x45']] };
    await under.passS(2);
    expect(under.followed.isFormatDisputed('m')).toBe(false);
  });

  it('stays in doubt over a restart, by the table', async () => {
    await start();
    under.store.disputes.set('m', { matchId: 'm', format: '2x45+2x15', playedS: 1_860 });
    await under.passS(2);
    expect(under.followed.isFormatDisputed('m')).toBe(true);
  });

  it('is that of the match before that of its competition, the table before the options', async () => {
    await start({ formats: { competitions: { youth: '2x40', option: '2x35' }, matches: { b: '2x30' } } });
    under.store.set = {
      mode: null,
      formats: [
        ['competition', 'youth', '2x30'],
        ['match', 'a', '2x45+2x10'],
        ['match', 'thirds', '3x30'],
      ],
      matches: [
        ['a', 'youth'],
        ['b', 'youth'],
        ['c', 'youth'],
        ['d', 'option'],
      ],
    };
    await under.passS(2);
    const halves = ['a', 'b', 'c', 'd', 'e', 'thirds'].map((id) => under.followed.formatOf(id).halfMinutes);
    expect(halves).toEqual([45, 30, 30, 35, 45, 45]);
    expect(under.formats.refused).toEqual(['match thirds: 3x30']);
    expect(under.formats.disputed()).toEqual(['thirds']);
  });

  it('of thirds is not known: their matches are in doubt from the start, but for those that have one of their own', async () => {
    await start();
    under.store.set = {
      mode: null,
      formats: [
        ['competition', 'friendlies', '3x30'],
        ['match', 'own', '2x30'],
      ],
      matches: [
        ['a', 'friendlies'],
        ['own', 'friendlies'],
      ],
    };
    await under.passS(2);
    expect(['a', 'own', 'b'].map((id) => under.followed.isFormatDisputed(id))).toEqual([true, false, false]);
    expect(under.followed.formatOf('a')).toEqual({ halfMinutes: 45, extraHalfMinutes: 15 });
  });

  it('tells the minute of the tick', async () => {
    await start({ mode: 'on', formats: { matches: { m: '2x30' } } });
    under.firstHalf('m', 2_000);
    await under.passS(30);
    expect(under.store.row('m')?.minute).toBe(30);
  });
});

describe('announced added time', () => {
  const announce = (incident: Incident, before?: Incident) =>
    under.commit({
      kind: 'incidents',
      matchId: 'm',
      fresh: before ? [] : [incident],
      corrected: before ? [{ before, after: incident }] : [],
      receivedAtMs: 0,
      committedAtMs: 0,
    });
  const added = () => under.followed.lastClockOf('m')?.addedAnnouncedMinutes;

  it('belongs to the period it was announced in', async () => {
    await start();
    move(1, 2, 0);
    expect(added()).toBeNull();
    announce({ type: 19, position: 0, time: 3 });
    expect(added()).toBe(3);
    announce({ type: 3, position: 1, time: 40 });
    expect(added()).toBe(3);
    announce({ type: 19, position: 0, time: 4 }, { type: 19, position: 0, time: 3 });
    expect(added()).toBe(4);
    move(2, 3, 3_000);
    expect(added()).toBeNull();
    move(3, 4, 3_900);
    announce({ type: 19, position: 0, time: 95 });
    expect(added()).toBe(5);
  });

  it('is known of matches that were met later, by the stored list', async () => {
    await start({ mode: 'on' });
    const announcements = [
      { type: 19, position: 0, time: 3 },
      { type: 19, position: 0, time: 6 },
    ];
    const kickoffs = { firstHalfS: T - 6_000, secondHalfS: T - 2_400, overtimeS: null };
    under.store.put('m', { status: 4, kickoffs, announcements });
    await under.passS(30);
    expect(added()).toBe(6);
  });
});
