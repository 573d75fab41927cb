import { describe, expect, it } from '@jest/globals';
import { pathAt, type ShortStep, stepOf } from '../../../test/support/settlement-cases.js';
import { KICKOFF_MS } from '../../../test/support/settlement-histories.js';
import { afterTime, afterWord, nextMomentMs } from './settlement-fold.js';
import { EMPTY_PATH, SETTLEMENT_LIMITS } from './settlement-path.js';

const MINUTE_MS = 60_000;
const TWO_DAYS = 48 * 60;

const pathOf = (path: readonly ShortStep[], now = path.at(-1)?.[4] ?? 0) =>
  pathAt(path.map(stepOf), 'halves', KICKOFF_MS + now * MINUTE_MS);
const trailOf = (trail: readonly { home: number; away: number }[]) =>
  trail.map(({ home, away }) => `${home}-${away}`).join(' ');

const PLAYED: ShortStep = [4, 'mqtt', '1-0', '0-0', 70];
const ENDED: ShortStep = [8, 'mqtt', '1-0', '0-0', 95];
const TIMED: ShortStep = [8, 'mqtt', '1-0', '0-0', 95, 1_000];

type Row = readonly [name: string, path: readonly ShortStep[], trail: string, heldBack: boolean, ended: boolean];

describe('the goals of the match', () => {
  it.each<Row>([
    ['rise', [PLAYED, [4, 'mqtt', '1-1', '0-0', 75]], '1-0 1-1', false, false],
    ['fall when one is taken back', [PLAYED, [4, 'mqtt', '0-0', '0-0', 71]], '0-0', false, false],
    ['stay where no slots can be read', [PLAYED, [4, 'mqtt', '', '', 75]], '1-0', false, false],
    [
      'return to the score before',
      [[4, 'mqtt', '0-0', '0-0', 60], PLAYED, [4, 'mqtt', '0-0', '0-0', 71]],
      '0-0',
      false,
      false,
    ],
    [
      'are unknown where nothing could be read',
      [
        [4, 'mqtt', '', '', 70],
        [8, 'mqtt', '', '', 95],
      ],
      '',
      false,
      false,
    ],
    ['may fall right after the whistle', [PLAYED, ENDED, [8, 'mqtt', '0-0', '0-0', 97]], '0-0', false, true],
    ['may rise right after the whistle', [PLAYED, ENDED, [8, 'mqtt', '2-0', '0-0', 97]], '1-0 2-0', false, true],
    ['are held back once it stood', [PLAYED, ENDED, [8, 'mqtt', '2-0', '0-0', 115]], '1-0', true, true],
    ['change then by an authority', [PLAYED, ENDED, [8, 'admin', '2-0', '0-0', 115]], '1-0 2-0', false, true],
    [
      'change then by newer provider time',
      [PLAYED, TIMED, [8, 'mqtt', '2-0', '0-0', 115, 1_001]],
      '1-0 2-0',
      false,
      true,
    ],
    ['do not by the same provider time', [PLAYED, TIMED, [8, 'mqtt', '2-0', '0-0', 115, 1_000]], '1-0', true, true],
    ['go on when play does', [PLAYED, ENDED, [4, 'mqtt', '1-0', '0-0', 96]], '1-0', false, false],
    ['do not once the end stood', [PLAYED, ENDED, [4, 'mqtt', '2-0', '0-0', 115]], '1-0', true, true],
    [
      'do not rise in extra time',
      [PLAYED, [5, 'mqtt', '1-0', '0-0', 96], [5, 'mqtt', '2-0', '0-0', 99]],
      '1-0',
      true,
      true,
    ],
    [
      'do not rise when extra time follows the whistle',
      [PLAYED, ENDED, [5, 'mqtt', '2-0', '0-0', 99]],
      '1-0',
      true,
      true,
    ],
    [
      'do not rise when extra time goes on after an interruption',
      [PLAYED, [5, 'mqtt', '1-0', '0-0', 96], [10, 'mqtt', '1-0', '0-0', 98], [5, 'mqtt', '2-0', '0-0', 99]],
      '1-0',
      true,
      true,
    ],
    [
      'rise again when extra time was none',
      [PLAYED, [5, 'mqtt', '1-0', '0-0', 96], [4, 'mqtt', '1-0', '0-0', 97], ENDED, [8, 'mqtt', '2-0', '0-0', 99]],
      '1-0 2-0',
      false,
      true,
    ],
  ])('%s', (...[, path, trail, heldBack, ended]) => {
    const { match, heldBack: isHeldBack } = pathOf(path);
    expect([trailOf(match.trail), isHeldBack, match.end !== null]).toEqual([trail, heldBack, ended]);
  });
});

describe('half-time', () => {
  const half: ShortStep = [2, 'mqtt', '1-0', '0-0', 20];

  it.each<Row>([
    ['is told by slot 1', [half, [3, 'mqtt', '1-0', '1-0', 47]], '1-0', false, true],
    ['is not told while slot 1 differs', [half, [3, 'mqtt', '1-0', '0-0', 47]], '1-0', false, false],
    ['is not told without slots', [half, [3, 'mqtt', '', '', 47]], '1-0', false, false],
    ['is not told by more goals than there are', [half, [4, 'mqtt', '1-0', '2-0', 65]], '1-0', false, false],
    ['is not told by fewer than were committed', [half, [4, 'mqtt', '1-0', '0-0', 65]], '1-0', false, false],
    ['is told by fewer when one was taken back', [half, [4, 'mqtt', '0-0', '0-0', 65]], '0-0', false, true],
    [
      'holds back a later change',
      [half, [3, 'mqtt', '1-0', '1-0', 47], [4, 'mqtt', '1-0', '0-0', 65]],
      '1-0',
      true,
      true,
    ],
    ['changes by an answer', [half, [3, 'mqtt', '1-0', '1-0', 47], [4, 'api', '1-0', '0-0', 65]], '0-0', false, true],
  ])('%s', (...[, path, trail, heldBack, ended]) => {
    const { half: period, heldBack: isHeldBack } = pathOf(path);
    expect([trailOf(period.trail), isHeldBack, period.end !== null]).toEqual([trail, heldBack, ended]);
  });
});

describe('the cause of the last move', () => {
  it.each<readonly [string, readonly ShortStep[], number?]>([
    ['correction', []],
    ['correction', [[1, 'mqtt', '0-0', '0-0', 0]]],
    ['goal', [PLAYED, [4, 'mqtt', '1-1', '0-0', 75]]],
    ['correction', [PLAYED, PLAYED]],
    ['var', [PLAYED, [4, 'mqtt', '0-0', '0-0', 71]]],
    [
      'half-time',
      [
        [2, 'mqtt', '0-0', '0-0', 0],
        [3, 'mqtt', '0-0', '0-0', 47],
      ],
    ],
    ['full-time', [PLAYED, ENDED]],
    ['stood', [PLAYED, ENDED], 115],
    ['resumed', [PLAYED, ENDED, [4, 'mqtt', '1-0', '0-0', 96]]],
    ['resumed', [PLAYED, [10, 'mqtt', '1-0', '0-0', 72], [4, 'mqtt', '1-0', '0-0', 80]]],
    [
      'resumed',
      [
        [9, 'mqtt', '0-0', '0-0', 0],
        [1, 'mqtt', '0-0', '0-0', 60],
      ],
    ],
    ['postponed', [[9, 'mqtt', '0-0', '0-0', 0]]],
    ['interrupted', [[10, 'mqtt', '0-0', '0-0', 0]]],
    ['abandoned', [[11, 'mqtt', '0-0', '0-0', 0]]],
    ['cancelled', [[12, 'mqtt', '0-0', '0-0', 0]]],
    ['postponed', [[13, 'mqtt', '0-0', '0-0', 0]]],
    ['deadline', [[9, 'mqtt', '0-0', '0-0', 0]], TWO_DAYS],
    ['awarded', [[8, 'mqtt', '3-0', '0-0', 0]]],
    ['awarded', [[8, 'mqtt', '3-0', '0-0', 0]], TWO_DAYS],
    ['deadline', [[2, 'mqtt', '1-0', '0-0', 0], ENDED], 95 + TWO_DAYS],
    ['admin', [PLAYED, [4, 'revert', '0-0', '0-0', 80]]],
  ])('is %s after %j', (...[cause, path, now]) => {
    expect(pathOf(path, now).cause).toBe(cause);
  });
});

describe('time', () => {
  it.each<readonly [string, readonly ShortStep[], number | null]>([
    ['moves nothing in play', [PLAYED], null],
    ['makes a full time stand', [PLAYED, ENDED], 95 + 20],
    ['makes void what is out of play', [[9, 'mqtt', '0-0', '0-0', 3]], 3 + TWO_DAYS],
    [
      'makes a missing half-time lapse',
      [
        [2, 'mqtt', '1-0', '0-0', 0],
        [8, 'mqtt', '1-0', '0-0', 95],
        [8, 'api', '1-0', '2-0', 96],
      ],
      95 + TWO_DAYS,
    ],
    ['moves nothing after a void', [[12, 'mqtt', '0-0', '0-0', 0]], null],
  ])('%s', (...[, path, minute]) => {
    expect(nextMomentMs(pathOf(path), SETTLEMENT_LIMITS)).toBe(minute && KICKOFF_MS + minute * MINUTE_MS);
  });

  it('leaves a path alone that has no next moment', () => {
    const path = pathOf([PLAYED]);
    expect(afterTime(path, SETTLEMENT_LIMITS)).toBe(path);
  });
});

describe('what people say', () => {
  const atMs = KICKOFF_MS + 100 * MINUTE_MS;

  it('changes the format, once', () => {
    const path = afterWord(EMPTY_PATH, { atMs, says: 'format', format: 'other' }, null);
    expect(path).toMatchObject({ format: 'other', cause: 'format', atMs });
    expect(afterWord(path, { atMs: atMs + 1, says: 'format', format: 'other' }, null)).toBe(path);
  });

  it('makes void what is undecided', () => {
    const path = afterWord(pathOf([PLAYED]), { atMs, says: 'void' }, null);
    expect(path).toMatchObject({ out: { sinceMs: atMs, final: true, awarded: false }, cause: 'admin' });
  });

  it('makes an award a played match', () => {
    const path = afterWord(pathOf([ENDED]), { atMs, says: 'played' }, stepOf(ENDED, 0));
    expect(path).toMatchObject({
      played: true,
      out: null,
      status: 8,
      match: { end: { certain: false } },
      cause: 'admin',
    });
  });

  it('is remembered before the first version', () => {
    expect(afterWord(EMPTY_PATH, { atMs, says: 'played' }, null)).toMatchObject({ played: true, out: null, atMs });
  });

  it('accepts what was held back', () => {
    const late: ShortStep = [8, 'mqtt', '2-0', '0-0', 116];
    const held = pathOf([PLAYED, ENDED, late]);
    const path = afterWord(held, { atMs, says: 'accept' }, stepOf(late, 2));
    expect([held.heldBack, path.heldBack, trailOf(path.match.trail)]).toEqual([true, false, '1-0 2-0']);
  });
});
