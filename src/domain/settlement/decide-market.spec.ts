import { describe, expect, it } from '@jest/globals';
import { answer, pathAt, type ShortStep, stepOf } from '../../../test/support/settlement-cases.js';
import { KICKOFF_MS } from '../../../test/support/settlement-histories.js';
import { decideMarket } from './decide-market.js';
import { readMarket } from './market-text.js';
import { afterWord } from './settlement-fold.js';
import { EMPTY_PATH, type PeriodFormat, SETTLEMENT_LIMITS } from './settlement-path.js';

const HOUR = 60;
const TWO_DAYS = 48 * HOUR;

/** Verdict, certainty and reason of a market; right after the last version where no moment is given. */
function said(market: string, path: readonly ShortStep[], now?: number, format: PeriodFormat = 'halves'): string {
  const { verdict, certainty, reason } = answer({ market, path, format, now: now ?? path.at(-1)?.[4] ?? 0 });
  return `${verdict} ${certainty} ${reason}`;
}

type Row = readonly [name: string, market: string, path: readonly ShortStep[], verdict: string, now?: number];

const KICKOFF: ShortStep = [2, 'mqtt', '0-0', '0-0', 0];
const GOAL: ShortStep = [2, 'mqtt', '1-0', '0-0', 20];
const HALF_TIME: ShortStep = [3, 'mqtt', '0-0', '0-0', 47];
const HALF_TIME_1: ShortStep = [3, 'mqtt', '1-0', '1-0', 47];

describe('the worked examples', () => {
  it.each<Row>([
    ['nothing is lost in minute 44', 'IY 0.5 ÜST', [KICKOFF, [2, 'mqtt', '0-0', '0-0', 44]], 'open 1 open'],
    [
      'a goal in 45+2 is one of the first half: the status counts, not the minute',
      'IY 0.5 ÜST',
      [KICKOFF, [2, 'mqtt', '1-0', '0-0', 47]],
      'won 1 instant_win_iy',
    ],
    ['half-time without a goal loses', 'IY 0.5 ÜST', [KICKOFF, HALF_TIME], 'lost 2 halftime_threshold_not_met'],
    [
      'a goal in the second half leaves the first half lost',
      'IY 0.5 ÜST',
      [KICKOFF, HALF_TIME, [4, 'mqtt', '1-0', '0-0', 65]],
      'lost 2 halftime_threshold_not_met',
    ],
    [
      'a late version of the first half leaves it lost',
      'IY 0.5 ÜST',
      [KICKOFF, HALF_TIME, [2, 'mqtt', '1-0', '0-0', 48]],
      'lost 2 halftime_threshold_not_met',
    ],
    ['the third goal wins at once', 'MS 2.5 ÜST', [KICKOFF, [4, 'mqtt', '2-1', '0-0', 70]], 'won 1 instant_win_ms'],
    [
      'a goal of extra time is none of regular time',
      'MS 2.5 ÜST',
      [
        [4, 'mqtt', '1-1', '0-0', 90],
        [5, 'mqtt', '1-1', '0-0', 100],
        [5, 'mqtt', '2-1', '0-0', 115],
        [8, 'mqtt', '2-1', '0-0', 130],
      ],
      'lost 2 fulltime_threshold_not_met',
    ],
    [
      'the goals of a shoot-out are none of regular time',
      'MS 1.5 ÜST',
      [
        [4, 'mqtt', '0-0', '0-0', 90],
        [7, 'mqtt', '0-0', '0-0', 100],
        [7, 'mqtt', '5-4', '0-0', 115],
        [8, 'mqtt', '5-4', '0-0', 121],
      ],
      'lost 2 fulltime_threshold_not_met',
    ],
    ['the third goal loses under at once', 'MS 2.5 ALT', [[4, 'mqtt', '2-1', '0-0', 70]], 'lost 1 instant_loss_ms'],
    [
      'under wins at full time',
      'MS 2.5 ALT',
      [
        [4, 'mqtt', '1-1', '0-0', 90],
        [8, 'mqtt', '1-1', '0-0', 95],
      ],
      'won 1 fulltime_settlement',
    ],
    ['both have scored', 'KG VAR', [[4, 'mqtt', '1-1', '0-0', 60]], 'won 1 instant_win_ms'],
    [
      'one side had no goal at full time',
      'KG YOK',
      [
        [4, 'mqtt', '1-0', '0-0', 60],
        [8, 'mqtt', '1-0', '0-0', 95],
      ],
      'won 1 fulltime_settlement',
    ],
    ['a lead decides nothing', 'MS 1', [[4, 'mqtt', '1-0', '0-0', 60]], 'open 1 open'],
    [
      'a lead at full time wins',
      'MS 1',
      [
        [4, 'mqtt', '1-0', '0-0', 60],
        [8, 'mqtt', '1-0', '0-0', 95],
      ],
      'won 1 fulltime_settlement',
    ],
    [
      'a draw in regular time wins, whoever scores in extra time',
      'MS X',
      [
        [4, 'mqtt', '1-1', '0-0', 90],
        [5, 'mqtt', '1-1', '0-0', 100],
        [5, 'mqtt', '2-1', '0-0', 115],
        [8, 'mqtt', '2-1', '0-0', 130],
      ],
      'won 2 fulltime_settlement',
    ],
    [
      'over 1.5 is no home win',
      'MS 1.5 ÜST',
      [
        [4, 'mqtt', '1-0', '0-0', 60],
        [8, 'mqtt', '1-0', '0-0', 95],
      ],
      'lost 1 fulltime_threshold_not_met',
    ],
    ['nor in the first half', 'IY 1.5 ÜST', [GOAL, HALF_TIME_1], 'lost 2 halftime_threshold_not_met'],
    ['a home lead at half-time wins', 'IY 1', [GOAL, HALF_TIME_1], 'won 2 halftime_settlement'],
    [
      'a whole line that is met is void',
      'MS 2 ÜST',
      [
        [4, 'mqtt', '1-1', '0-0', 60],
        [8, 'api', '1-1', '0-0', 95],
      ],
      'void 2 fulltime_push',
    ],
  ])('%s', (...[, market, path, verdict, now]) => {
    expect(said(market, path, now)).toBe(verdict);
  });
});

const SECOND_HALF: ShortStep = [4, 'mqtt', '1-0', '0-0', 70];
const INTERRUPTED: ShortStep = [10, 'mqtt', '1-0', '0-0', 75];

describe('out of play', () => {
  it.each<Row>([
    ['what is open waits', 'MS 1', [SECOND_HALF, INTERRUPTED], 'awaiting 1 awaiting_interrupted'],
    [
      'it waits up to the deadline',
      'MS 1',
      [SECOND_HALF, INTERRUPTED],
      'awaiting 1 awaiting_interrupted',
      75 + TWO_DAYS - 1,
    ],
    ['it is void with the deadline', 'MS 1', [SECOND_HALF, INTERRUPTED], 'void 2 void_interrupted', 75 + TWO_DAYS],
    ['what was decided stands', 'MS 0.5 ÜST', [SECOND_HALF, INTERRUPTED], 'won 1 instant_win_ms'],
    ['and for good with the deadline', 'MS 0.5 ÜST', [SECOND_HALF, INTERRUPTED], 'won 2 instant_win_ms', 75 + TWO_DAYS],
    ['a postponed match waits', 'MS 1', [[9, 'mqtt', '0-0', '0-0', 0]], 'awaiting 1 awaiting_postponed'],
    ['so does one without a date', 'KG YOK', [[13, 'mqtt', '0-0', '0-0', 0]], 'awaiting 1 awaiting_to_be_determined'],
    [
      'an abandoned match is void at once',
      'MS 1',
      [SECOND_HALF, [11, 'mqtt', '1-0', '0-0', 80]],
      'void 2 void_abandoned',
    ],
    ['a cancelled match is void at once', 'MS 1', [[12, 'admin', '0-0', '0-0', 0]], 'void 2 void_cancelled'],
    [
      'who only writes the table cannot abandon a match',
      'MS 1',
      [SECOND_HALF, [11, 'foreign', '1-0', '0-0', 80]],
      'awaiting 1 awaiting_abandoned',
    ],
    [
      'the deadline counts from the moment that play stopped',
      'MS 1',
      [SECOND_HALF, INTERRUPTED, [13, 'mqtt', '1-0', '0-0', 75 + TWO_DAYS - 1]],
      'void 2 void_to_be_determined',
      75 + TWO_DAYS,
    ],
    [
      'play again opens what was void',
      'MS 1',
      [SECOND_HALF, [11, 'mqtt', '1-0', '0-0', 80], [4, 'mqtt', '1-0', '0-0', 90]],
      'open 1 open',
    ],
    [
      'a new date opens what waited',
      'MS 1',
      [
        [9, 'mqtt', '0-0', '0-0', 0],
        [1, 'mqtt', '0-0', '0-0', 60],
      ],
      'open 1 open',
    ],
    [
      'a score that is told meanwhile decides nothing',
      'MS 1.5 ÜST',
      [SECOND_HALF, [10, 'mqtt', '3-0', '0-0', 75]],
      'awaiting 1 awaiting_interrupted',
    ],
    [
      'a full time that has not stood was none',
      'MS 1',
      [SECOND_HALF, [8, 'mqtt', '1-0', '0-0', 95], [10, 'mqtt', '1-0', '0-0', 100]],
      'awaiting 1 awaiting_interrupted',
    ],
    [
      'a full time that has stood remains',
      'MS 1',
      [SECOND_HALF, [8, 'mqtt', '1-0', '0-0', 95], [10, 'mqtt', '1-0', '0-0', 115]],
      'won 2 fulltime_settlement',
    ],
  ])('%s', (...[, market, path, verdict, now]) => {
    expect(said(market, path, now)).toBe(verdict);
  });
});

describe('an awarded result', () => {
  it.each<Row>([
    ['decides nothing without play', 'MS 1', [[8, 'mqtt', '3-0', '0-0', 0]], 'awaiting 1 awaiting_awarded'],
    ['is void in the end', 'MS 1', [[8, 'mqtt', '3-0', '0-0', 0]], 'void 2 void_awarded', TWO_DAYS],
    [
      'decides nothing after an interruption',
      'MS 1',
      [SECOND_HALF, INTERRUPTED, [8, 'api', '3-0', '0-0', 90]],
      'awaiting 1 awaiting_awarded',
    ],
    [
      'is void when play stopped two days ago',
      'MS 1',
      [SECOND_HALF, INTERRUPTED, [8, 'api', '3-0', '0-0', 90]],
      'void 2 void_awarded',
      75 + TWO_DAYS,
    ],
    [
      'leaves what was decided in play',
      'MS 0.5 ÜST',
      [SECOND_HALF, INTERRUPTED, [8, 'mqtt', '0-3', '0-0', 90]],
      'won 1 instant_win_ms',
    ],
    [
      'leaves void what was void',
      'MS 1',
      [SECOND_HALF, [11, 'mqtt', '1-0', '0-0', 80], [8, 'api', '3-0', '0-0', 90]],
      'void 2 void_abandoned',
    ],
  ])('%s', (...[, market, path, verdict, now]) => {
    expect(said(market, path, now)).toBe(verdict);
  });
});

const LATER: ShortStep = [4, 'mqtt', '2-0', '0-0', 70];
const FULL_TIME: ShortStep = [8, 'mqtt', '2-0', '0-0', 95];

describe('a half-time that is missing', () => {
  const path = [KICKOFF, GOAL, LATER, FULL_TIME];

  it.each<Row>([
    ['is waited for at full time', 'IY 1.5 ÜST', path, 'awaiting 1 awaiting_halftime_score'],
    ['leaves what was decided in play, provisional', 'IY 0.5 ÜST', path, 'won 1 instant_win_iy', 200],
    ['makes void two days after full time', 'IY 1.5 ÜST', path, 'void 2 void_halftime_score', 95 + TWO_DAYS],
    ['may still be told', 'IY 1.5 ÜST', [...path, [8, 'mqtt', '2-0', '1-0', 100]], 'lost 2 halftime_threshold_not_met'],
    [
      'stays void when the match is called interrupted later',
      'IY 1.5 ÜST',
      [...path, [10, 'mqtt', '2-0', '0-0', 96 + TWO_DAYS]],
      'void 2 void_halftime_score',
    ],
    ['is no matter of the whole match', 'MS 1.5 ÜST', path, 'won 2 instant_win_ms', 95 + 20],
  ])('%s', (...[, market, steps, verdict, now]) => {
    expect(said(market, steps, now)).toBe(verdict);
  });
});

describe('formats', () => {
  it.each<readonly [string, PeriodFormat, string, readonly ShortStep[], string, number?]>([
    ['without a half-time its markets are void', 'other', 'IY 0.5 ÜST', [GOAL], 'void 2 void_format'],
    ['and those of the match are not', 'other', 'MS 0.5 ÜST', [GOAL], 'won 1 instant_win_ms'],
    ['in doubt, a half is decided in play', 'disputed', 'IY 0.5 ÜST', [GOAL], 'won 1 instant_win_iy'],
    ['which its end does not confirm', 'disputed', 'IY 0.5 ÜST', [GOAL, HALF_TIME_1], 'won 1 instant_win_iy'],
    ['and the rest waits after its end', 'disputed', 'IY 1.5 ÜST', [GOAL, HALF_TIME_1], 'awaiting 1 awaiting_format'],
    [
      'until it is void two days after full time',
      'disputed',
      'IY 1.5 ÜST',
      [GOAL, HALF_TIME_1, [8, 'mqtt', '1-0', '1-0', 95]],
      'void 2 void_format',
      95 + TWO_DAYS,
    ],
  ])('%s', (...[, format, market, path, verdict, now]) => {
    expect(said(market, path, now, format)).toBe(verdict);
  });
});

describe('the evidence of a verdict', () => {
  const decide = (text: string, path: readonly ShortStep[]) => {
    const steps = path.map(stepOf);
    return decideMarket(readMarket(text, null)!, pathAt(steps, 'halves', steps.at(-1)?.atMs ?? 0), SETTLEMENT_LIMITS);
  };

  it('is the first surviving score that decides, and the score goes on', () => {
    const verdict = decide('MS 0.5 ÜST', [KICKOFF, GOAL, LATER]);
    expect(verdict.basis).toMatchObject({ home: 1, away: 0, version: 1 });
    expect(verdict.score).toMatchObject({ home: 2, away: 0 });
  });

  it('is another one after the first was taken back and scored again', () => {
    const again: ShortStep = [2, 'mqtt', '0-1', '0-0', 30];
    const { basis } = decide('MS 0.5 ÜST', [KICKOFF, GOAL, [2, 'mqtt', '0-0', '0-0', 22], again]);
    expect(basis).toMatchObject({ home: 0, away: 1, version: 3 });
  });

  it('is the last score at an end, with the version that told it first', () => {
    const { basis, deadlineMs } = decide('MS 2', [KICKOFF, GOAL, LATER, FULL_TIME]);
    expect(basis).toMatchObject({ home: 2, away: 0, version: 2 });
    expect(deadlineMs).toBeNull();
  });

  it('is none where nothing decided, and the deadline is told where there is one', () => {
    expect(decide('MS 1', [SECOND_HALF, INTERRUPTED])).toMatchObject({
      basis: null,
      score: { home: 1, away: 0 },
      deadlineMs: KICKOFF_MS + (75 + TWO_DAYS) * 60_000,
    });
  });

  it('has no score before the first version', () => {
    const { verdict, score } = decideMarket(readMarket('MS 1', null)!, EMPTY_PATH, SETTLEMENT_LIMITS);
    expect({ verdict, score }).toEqual({ verdict: 'open', score: null });
  });

  it('is an operator, where nothing else made it void', () => {
    const path = afterWord(pathAt([stepOf(SECOND_HALF, 0)], 'halves', KICKOFF_MS), { atMs: 1, says: 'void' }, null);
    const { verdict, reason } = decideMarket(readMarket('MS 1', null)!, path, SETTLEMENT_LIMITS);
    expect({ verdict, reason }).toEqual({ verdict: 'void', reason: 'void_operator' });
  });
});
