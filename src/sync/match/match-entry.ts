import type { ScoreReport } from '../../domain/match-update.js';
import { matchIdProblem } from '../../thesports/match-id.js';
import { unixSeconds } from '../../thesports/provider-time.js';
import { decodeScoreTuple } from '../../thesports/score-tuple.js';
import type { Fixture, StoredFixtureField } from '../ports/fixture-store.js';
import { readValue } from './read-value.js';

type Item = Readonly<Record<string, unknown>>;

/** One entry of a list of fixtures. */
export interface MatchEntry {
  readonly fixture: Fixture;
  /** scheduled start, unix seconds */
  readonly matchTimeS: number;
  /** null when the entry says nothing of score and status, or nothing that could be one */
  readonly score: ScoreReport | null;
  /** parts that could not be taken, each with the reason: `neutral: 0 or 1 was expected, received string` */
  readonly refused: readonly string[];
}

export interface RefusedEntry {
  /** `match_time: a time was expected` */
  readonly reason: string;
}

/**
 * Reads one entry. A wrong type leaves that part out; without id or time there is no match. Names that no field asks for are
 * ignored. The provider's `updated_at` orders entries of lists among each other, and nothing else: it is no time of a score.
 * @param latestS a later `updated_at` is a mistake, unix seconds
 */
export function readEntry(
  item: Item,
  fields: readonly StoredFixtureField[],
  latestS: number,
): MatchEntry | RefusedEntry {
  const problem = matchIdProblem(item.id);
  if (problem !== null) return { reason: `id: ${problem}` };
  const matchTimeS = unixSeconds(item.match_time);
  if (matchTimeS === null) return { reason: 'match_time: a time in seconds was expected' };
  const { updatedAtS, why } = readUpdatedAt(item.updated_at, latestS);
  const { values, refused } = readValues({ ...item, match_time: matchTimeS }, fields);
  const score = readScore(item);
  return {
    fixture: { matchId: item.id as string, updatedAtS, values },
    matchTimeS,
    score: typeof score === 'string' ? null : score,
    refused: [...refused, ...why, ...(typeof score === 'string' ? [`score: ${score}`] : [])],
  };
}

export function isRefused(entry: MatchEntry | RefusedEntry): entry is RefusedEntry {
  return 'reason' in entry;
}

function readValues(item: Item, fields: readonly StoredFixtureField[]) {
  const values: Record<string, string | number | boolean> = {};
  const refused: string[] = [];
  for (const field of fields) {
    const reading = readValue(at(item, field.path), field);
    if (reading.value === undefined) refused.push(`${field.column}: ${reading.why}`);
    else if (reading.value !== null) values[field.column] = reading.value;
  }
  return { values, refused };
}

function at(item: Item, path: readonly string[]): unknown {
  let value: unknown = item;
  for (const name of path) value = typeof value === 'object' && value !== null ? (value as Item)[name] : undefined;
  return value;
}

function readUpdatedAt(given: unknown, latestS: number): { updatedAtS: number | null; why: readonly string[] } {
  if (given === undefined || given === null || given === 0) return { updatedAtS: null, why: [] };
  const updatedAtS = unixSeconds(given);
  const isSound = updatedAtS !== null && updatedAtS <= latestS;
  return isSound ? { updatedAtS, why: [] } : { updatedAtS: null, why: ['updated_at: a time up to now was expected'] };
}

/** A list has no kick-off times. @returns why there is no score; null when the entry does not speak of one */
function readScore({ id, status_id, home_scores, away_scores }: Item): ScoreReport | string | null {
  if (isSilent(status_id) || isSilent(home_scores) || isSilent(away_scores)) return null;
  return decodeScoreTuple([id, status_id, home_scores, away_scores, 0]);
}

function isSilent(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
