import { describe, expect, it } from '@jest/globals';
import { cases } from '../../test/support/long-form.js';
import { minuteOracle, minuteTextOracle, type OracleRow } from '../../test/support/minute-oracle.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { matchClock, matchMinute, minuteAt, minuteText } from './match-minute.js';
import type { MatchStatus } from './match-status.js';

const KICKOFF = 1_768_660_000;

const integer = (random: SeededRandom, from: number, to: number) => from + random.below(to - from + 1);
const chance = (random: SeededRandom, share: number) => random.next() < share;

function randomRow(random: SeededRandom): OracleRow {
  const fh = KICKOFF + integer(random, -600, 600);
  const sh = fh + integer(random, 1_200, 5_400);
  const ot = sh + integer(random, 1_200, 5_400);
  const orNot = (value: number, share: number) => (chance(random, share) ? value : null);
  return {
    status: integer(random, 0, 13),
    fh: orNot(fh, 0.7),
    sh: orNot(sh, 0.6),
    ot: orNot(ot, 0.6),
    fallback: orNot(fh - integer(random, -900, 900), 0.5),
  };
}

/** Mostly in play; often at the edge of a minute or of a bound. */
function randomNow(random: SeededRandom, { fh, sh, ot }: OracleRow): number {
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
      const input = { status: row.status as MatchStatus, kickoffs, fallbackKickoffS: row.fallback };
      const minute = matchMinute({ ...input, nowS });
      const expected = minuteOracle(row, nowS);
      const ticked = minuteAt(matchClock(input), nowS);
      if (expected !== null) valued += 1;
      const shown = minute ?? integer(random, 1, 130);
      const isRight = minute === expected && ticked === expected;
      if (!isRight || minuteText(row.status as MatchStatus, shown) !== minuteTextOracle(row.status, shown))
        wrong.push({ row, nowS, minute });
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(valued).toBeGreaterThan(cases(few, many) / 10);
  });

  it('has a text for every status and minute, and for none', () => {
    for (let status = 0; status <= 13; status++) {
      for (const minute of [null, ...Array.from({ length: 140 }, (_, n) => n)]) {
        expect(minuteText(status as MatchStatus, minute)).toBe(minuteTextOracle(status, minute));
      }
    }
  });
});
