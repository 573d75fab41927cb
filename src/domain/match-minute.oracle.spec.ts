import { describe, expect, it } from '@jest/globals';
import { cases } from '../../test/support/long-form.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { matchClock, matchMinute, minuteAt, minuteText } from './match-minute.js';
import type { MatchStatus } from './match-status.js';

interface Row {
  readonly status: MatchStatus;
  readonly fh: number | null;
  readonly sh: number | null;
  readonly ot: number | null;
  readonly fallback: number | null;
}

/** Whole minutes that have passed, counted one by one; -1 before the start. */
function wholeMinutes(from: number, now: number): number {
  if (now < from) return -1;
  let passed = 0;
  while (from + (passed + 1) * 60 <= now) passed += 1;
  return passed;
}

/** The table of the reference, row by row; null: no value. */
function oracle({ status, fh, sh, ot, fallback }: Row, now: number): number | null {
  const first = fh ?? fallback;
  if (status === 2) {
    if (first === null || now < first) return null;
    const passed = wholeMinutes(first, now);
    if (passed > 120) return null;
    return passed + 1 > 45 ? 45 : passed + 1;
  }
  if (status === 3) return 45;
  if (status === 4 && sh !== null) {
    if (now < sh) return null;
    const passed = wholeMinutes(sh, now);
    if (passed > 120) return null;
    return 45 + passed + 1 > 105 ? 105 : 45 + passed + 1;
  }
  if (status === 4) {
    if (first === null) return null;
    if (now < first + 3600) return 46;
    const minute = 45 + wholeMinutes(first + 3600, now) + 1;
    return minute > 105 ? 105 : minute;
  }
  if (status === 5) {
    if (ot === null) return null;
    if (now < ot) return 91;
    const minute = 90 + wholeMinutes(ot, now) + 1;
    return minute > 130 ? 130 : minute;
  }
  return null;
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  1: '—',
  3: 'HT',
  7: 'PEN',
  8: 'FT',
  9: 'DELAY',
  10: 'INT',
  12: 'CAN',
};

function textOracle(status: number, minute: number | null): string {
  const own = STATUS_TEXTS[status];
  if (own) return own;
  if (minute === null) return '—';
  if (status === 2 && minute > 45) return `45+${minute - 45}'`;
  if (status === 4 && minute > 90) return `90+${minute - 90}'`;
  if (status === 5 && minute > 105) return `105+${minute - 105}'`;
  if (status === 5 && minute <= 90) return `ET ${minute}'`;
  return `${minute}'`;
}

const KICKOFF = 1_768_660_000;

const integer = (random: SeededRandom, from: number, to: number) => from + random.below(to - from + 1);
const chance = (random: SeededRandom, share: number) => random.next() < share;

function randomRow(random: SeededRandom): Row {
  const fh = KICKOFF + integer(random, -600, 600);
  const sh = fh + integer(random, 1_200, 5_400);
  const ot = sh + integer(random, 1_200, 5_400);
  const orNot = (value: number, share: number) => (chance(random, share) ? value : null);
  return {
    status: integer(random, 0, 13) as MatchStatus,
    fh: orNot(fh, 0.7),
    sh: orNot(sh, 0.6),
    ot: orNot(ot, 0.6),
    fallback: orNot(fh - integer(random, -900, 900), 0.5),
  };
}

/** Mostly in play; often at the edge of a minute or of a bound. */
function randomNow(random: SeededRandom, { fh, sh, ot }: Row): number {
  const from = [fh, sh, ot, KICKOFF][integer(random, 0, 3)] ?? KICKOFF;
  if (chance(random, 0.3)) return from + integer(random, -2, 130) * 60 + integer(random, -1, 1);
  return from + integer(random, -400, 9_000);
}

describe('the minute and its text, against the tables of the reference', () => {
  const [few, many] = [40_000, 1_000_000];

  it('are equal for every generated row and second', () => {
    const random = new SeededRandom(20_261_129);
    const wrong: unknown[] = [];
    let valued = 0;
    for (let n = cases(few, many); n > 0; n--) {
      const row = randomRow(random);
      const nowS = randomNow(random, row);
      const kickoffs = { firstHalfS: row.fh, secondHalfS: row.sh, overtimeS: row.ot };
      const input = { status: row.status, kickoffs, fallbackKickoffS: row.fallback };
      const minute = matchMinute({ ...input, nowS });
      const expected = oracle(row, nowS);
      const ticked = minuteAt(matchClock(input), nowS);
      if (expected !== null) valued += 1;
      const shown = minute ?? integer(random, 1, 130);
      const isRight = minute === expected && ticked === expected;
      if (!isRight || minuteText(row.status, shown) !== textOracle(row.status, shown))
        wrong.push({ row, nowS, minute });
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(valued).toBeGreaterThan(cases(few, many) / 10);
  });

  it('has a text for every status and minute, and for none', () => {
    for (let status = 0; status <= 13; status++) {
      for (const minute of [null, ...Array.from({ length: 140 }, (_, n) => n)]) {
        expect(minuteText(status as MatchStatus, minute)).toBe(textOracle(status, minute));
      }
    }
  });
});
