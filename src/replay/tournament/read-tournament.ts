import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { reasonOf } from '../../kernel/unreachable.errors.js';
import { TournamentFileError } from '../replay.errors.js';
import { onBenefitingSide } from './benefiting-side.js';
import { fitGoals } from './fit-goals.js';
import { asObject, asText, type JsonObject } from './json-value.js';
import { readListedGoals } from './listed-goal.js';
import { completeScore, readStatedScore } from './match-score.js';
import { matchTitle, type PlayedMatch, type Tournament } from './tournament.js';

/**
 * Reads a tournament file.
 * @throws TournamentFileError when it is missing, is not JSON, or holds no match that was played
 */
export async function readTournament(file: string): Promise<Tournament> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new TournamentFileError(`cannot read ${file}: ${reasonOf(cause)}`, file, cause);
  });
  const tournament = parse(text, file);
  if (tournament.matches.length === 0) {
    throw new TournamentFileError(
      `${file} holds no match that was played (${tournament.skipped.length} without score)`,
      file,
    );
  }
  return tournament;
}

function parse(text: string, file: string): Tournament {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new TournamentFileError(`${file} is not JSON: ${reasonOf(cause)}`, file, cause);
  }
  try {
    return parseTournament(json, basename(file, '.json'));
  } catch (cause) {
    throw new TournamentFileError(`${file}: ${reasonOf(cause)}`, file, cause);
  }
}

/**
 * Reads a tournament in the form of openfootball's JSON files: `{ name, matches: [...] }`, or matches grouped in
 * `rounds`, or a bare list of matches. Any field of a match may be missing. Matches without a score and without goals
 * were not played and are skipped.
 * @throws TournamentFileError when there is no list of matches
 */
export function parseTournament(json: unknown, fallbackName = 'Tournament'): Tournament {
  const matches: PlayedMatch[] = [];
  const skipped: Tournament['skipped'][number][] = [];
  for (const [index, { value, round }] of listMatches(json).entries()) {
    const match = asObject(value) ?? {};
    const home = teamName(match.team1) ?? `Home team ${index + 1}`;
    const away = teamName(match.team2) ?? `Away team ${index + 1}`;
    const played = playedMatch(match);
    if (played) matches.push({ index, home, away, round: asText(match.round) ?? round, ...played });
    else skipped.push({ match: matchTitle({ home, away }), reason: 'not played: no score and no goals' });
  }
  return { name: asText(asObject(json)?.name) ?? fallbackName, matches, skipped };
}

function playedMatch(match: JsonObject) {
  const stated = readStatedScore(match);
  const listed = readListedGoals(match);
  const total = stated.afterExtraTime ?? stated.fullTime;
  const goals = total ? onBenefitingSide(listed, total) : listed;
  const score = completeScore(stated, goals);
  return score && { ...score, goals: fitGoals(score, goals) };
}

interface ListedMatch {
  readonly value: unknown;
  readonly round: string | null;
}

function listMatches(json: unknown): ListedMatch[] {
  const inRound = (list: readonly unknown[], round: string | null) => list.map((value) => ({ value, round }));
  if (Array.isArray(json)) return inRound(json, null);
  const file = asObject(json);
  if (Array.isArray(file?.matches)) return inRound(file.matches, null);
  if (Array.isArray(file?.rounds)) {
    return file.rounds.flatMap((entry: unknown) => {
      const round = asObject(entry);
      return Array.isArray(round?.matches) ? inRound(round.matches, asText(round.name)) : [];
    });
  }
  throw new TournamentFileError('no matches found: expected an object with a list "matches" (or "rounds")');
}

function teamName(team: unknown): string | null {
  return asText(team) ?? asText(asObject(team)?.name);
}
