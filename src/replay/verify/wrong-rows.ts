import { type ExpectedRow, type ExpectedValue, RECORDED_SECONDS } from './expected-row.js';
import type { MatchRow } from './match-rows.js';

/** One finding of `--verify`. */
export interface WrongRow {
  readonly matchId: string;
  /** `Home - Away` */
  readonly teams: string;
  /** column of `ts_matches`, or what was announced wrongly */
  readonly column: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

export interface ExpectedMatch {
  readonly matchId: string;
  readonly teams: string;
  readonly row: ExpectedRow;
  /** goals to be announced */
  readonly goals: number;
}

/** Every column in which a row is not as it must be. */
export function wrongColumns(match: ExpectedMatch, actual: MatchRow | undefined): WrongRow[] {
  const { matchId, teams } = match;
  if (!actual) return [{ matchId, teams, column: 'external_id', expected: matchId, actual: null }];
  return Object.entries(match.row).flatMap(([column, expected]) => {
    const value = actual[column] ?? null;
    return agree(expected, value) ? [] : [{ matchId, teams, column, expected, actual: value }];
  });
}

/** Years 2000 to 2100: milliseconds, fractions and 0 are none. */
function isUnixSeconds(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 946_684_800 && (value as number) < 4_102_444_800;
}

function agree(expected: ExpectedValue, actual: unknown): boolean {
  if (expected === RECORDED_SECONDS) return isUnixSeconds(actual);
  return Array.isArray(expected) ? JSON.stringify(expected) === JSON.stringify(actual) : expected === actual;
}
