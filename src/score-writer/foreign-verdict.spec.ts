import { describe, expect, it } from '@jest/globals';
import { slots } from '../../test/support/history.js';
import { NOTHING_HEARD } from '../domain/heard.js';
import type { MatchState, RowOrigin } from '../domain/match-state.js';
import { emptyRow } from '../testing/in-memory-score-row.js';
import { FEED_FRESH_MS, foreignVerdict } from './foreign-verdict.js';

const NOW_MS = 1_768_670_000_000;
const FRESH = { seenAtMs: NOW_MS - FEED_FRESH_MS + 1 };
const SILENT = { seenAtMs: NOW_MS - FEED_FRESH_MS };
const AUTHORITIES = ['desk'];
const KICKOFFS = { firstHalfS: 100, secondHalfS: 200, overtimeS: null };

const LIVE: MatchState = {
  ...emptyRow('m'),
  version: 5,
  status: 4,
  home: slots(2),
  away: slots(1),
  reached: 4,
  kickoffs: KICKOFFS,
  kickoffSources: { firstHalf: 'mqtt' },
  statusSource: 'mqtt',
  scoreSource: 'mqtt',
};
const ENDED: MatchState = { ...LIVE, status: 8 };
const ORIGIN: RowOrigin = {
  lastSource: null,
  journaledBy: null,
  byAuthority: false,
  movedKickoffs: false,
  isEarlier: false,
  fingerprint: '',
};
const origin = (changes: Partial<RowOrigin>) => ({ origin: { ...ORIGIN, ...changes } });

const verdict = (known: MatchState, changes: Partial<MatchState>, isFed = true) =>
  foreignVerdict({
    row: { ...known, ...changes },
    known,
    heard: NOTHING_HEARD,
    isFed,
    authorities: AUTHORITIES,
    nowMs: NOW_MS,
  });

describe('the verdict on a row that somebody else wrote', () => {
  it.each<[string, MatchState, Partial<MatchState>, string]>([
    ['a finisher, while the feed is fresh', { ...LIVE, ...FRESH }, { status: 8, statusSource: 'admin' }, 'undone'],
    [
      'a finisher, after the feed fell silent',
      { ...LIVE, ...SILENT },
      { status: 8, statusSource: 'admin' },
      'accepted',
    ],
    ['an older score, while the feed is fresh', { ...LIVE, ...FRESH }, { home: slots(1) }, 'undone'],
    ['an older score, after the feed fell silent', { ...LIVE, ...SILENT }, { home: slots(1) }, 'undone'],
    ['a newer score, while the feed is fresh', { ...LIVE, ...FRESH }, { home: slots(3) }, 'undone'],
    ['a newer score, after the feed fell silent', { ...LIVE, ...SILENT }, { home: slots(3) }, 'accepted'],
    ['columns that disagree', { ...ENDED, ...SILENT }, { torn: true }, 'undone'],
    [
      'a kick-off of ours that moved',
      { ...ENDED, ...SILENT },
      { kickoffs: { ...KICKOFFS, firstHalfS: 101 } },
      'undone',
    ],
    ['an estimate that moved', { ...LIVE, ...FRESH }, { kickoffs: { ...KICKOFFS, secondHalfS: 201 } }, 'accepted'],
    ['an estimate that is gone', { ...LIVE, ...FRESH }, { kickoffs: { ...KICKOFFS, secondHalfS: null } }, 'undone'],
    ['a period that an ended match has left', { ...ENDED, ...SILENT }, { status: 4 }, 'undone'],
    ['extra time of an ended match', { ...ENDED, ...FRESH }, { status: 5 }, 'accepted'],
    ['another result', { ...ENDED, ...FRESH }, { home: slots(1) }, 'accepted'],
    ['an earlier score', { ...ENDED, ...FRESH }, { home: slots(1), ...origin({ isEarlier: true }) }, 'undone'],
    [
      'an earlier score, later',
      { ...ENDED, ...SILENT },
      { home: slots(1), ...origin({ isEarlier: true }) },
      'accepted',
    ],
    ['play after an interruption', { ...LIVE, status: 10, ...FRESH }, { status: 4 }, 'undone'],
    ['a kick-off before the feed', { ...LIVE, status: 1, ...FRESH }, { status: 2 }, 'accepted'],
    ['a score before the kick-off', { ...LIVE, status: 1, ...FRESH }, { home: slots(3) }, 'undone'],
    ['the stamp admin', { ...LIVE, ...FRESH }, { home: slots(3), scoreSource: 'admin' }, 'undone'],
    ['a named score source', { ...LIVE, ...FRESH }, { home: slots(3), scoreSource: 'desk' }, 'authority'],
    ['a named status source', { ...LIVE, ...FRESH }, { status: 8, statusSource: 'desk' }, 'authority'],
    ['a named program', { ...LIVE, ...FRESH }, { home: slots(3), ...origin({ lastSource: 'desk' }) }, 'authority'],
    ['an operator', { ...LIVE, ...FRESH }, { version: 6, status: 8, ...origin({ byAuthority: true }) }, 'authority'],
    ['a stamp of before', { ...LIVE, ...FRESH, scoreSource: 'desk' }, { home: slots(3) }, 'undone'],
    ['another process of ours', { ...LIVE, ...FRESH }, { version: 6, ...origin({ journaledBy: 'mqtt' }) }, 'elsewhere'],
    ['the trigger', { ...LIVE, ...FRESH }, { version: 6, status: 3, ...origin({ journaledBy: 'foreign' }) }, 'undone'],
    ['a revert', { ...LIVE, ...FRESH }, { version: 6, home: slots(0), scoreSource: 'revert' }, 'reverted'],
    ['a database that lost commits', { ...LIVE, ...FRESH }, { version: 4, home: slots(1) }, 'undone'],
  ])('%s', (_who, known, changes, expected) => {
    expect(verdict(known, changes)).toBe(expected);
  });

  it('a match that the feed never spoke of is theirs', () => {
    expect(verdict(LIVE, { status: 8 }, false)).toBe('accepted');
    expect(verdict(LIVE, { version: 4 }, false)).toBe('accepted');
  });
});
