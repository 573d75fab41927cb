import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { reasonOf, TournamentFileError } from '../../cli/cli.errors.js';
import { parseTournament } from './parse-tournament.js';
import type { Tournament } from './tournament.js';

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
