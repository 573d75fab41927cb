import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { MatchState } from '../../domain/match-state.js';
import { isLive } from '../../domain/match-status.js';
import { printable } from '../../kernel/printable.js';
import { ClientDatabase } from '../../postgres/adapters/pg/client-database.js';
import type { Database } from '../../postgres/database.js';
import { PgScoreStore } from '../../score-writer/adapters/pg/pg-score-store.js';
import { CommandError } from '../cli.errors.js';
import type { CommandOutput } from '../command.js';
import { jsonLine, line } from '../printing.js';
import { confirm, readTarget } from '../target.js';
import { END_MATCH } from './end-statement.js';
import { statusWords } from './status-words.js';

/** A row that somebody has locked is tried again so often. */
const TRIES = 50;
const PAUSE_MS = 100;

export interface EndRequest {
  readonly matchId: string;
  readonly by: string;
  readonly reason: string;
  /** the target is agreed to */
  readonly yes: boolean;
  readonly json: boolean;
  /** address of the database, as it was connected to */
  readonly url: string;
}

/** Ends one match by an operator's word. @throws CommandError when it is not being played, not agreed to, or changed meanwhile */
export async function endMatch(request: EndRequest, client: Client, output: CommandOutput): Promise<number> {
  const database = new ClientDatabase(client);
  const before = await inPlay(request.matchId, database);
  const words = `This ends match ${request.matchId}: ${inWords(before)}.`;
  await confirm(await readTarget(client, request.url), { words, agreed: request.yes }, output);
  await end(before, request, database);
  const after = await loaded(request.matchId, database);
  print(request, before, after, output);
  return 0;
}

async function inPlay(matchId: string, database: Database): Promise<MatchState> {
  const match = await loaded(matchId, database);
  if (isLive(match.status)) return match;
  throw new CommandError(
    'LIVESCORE_NOT_IN_PLAY',
    `match ${printable(matchId)} is not being played (${inWords(match)}): only a match in play can be ended; nothing was done`,
  );
}

async function loaded(matchId: string, database: Database): Promise<MatchState> {
  const match = (await new PgScoreStore(database).load([matchId])).get(matchId);
  if (match) return match;
  throw new CommandError('LIVESCORE_NO_MATCH', `there is no match ${printable(matchId)}, or its row cannot be read`);
}

/** Compare-and-set on the row as it was looked at: whoever agreed has agreed to that. */
async function end(before: MatchState, { matchId, by, reason }: EndRequest, database: Database): Promise<void> {
  for (let n = 1; n <= TRIES; n++) {
    const atS = Math.floor(Date.now() / 1000);
    const values = [matchId, before.version, before.origin?.fingerprint, before.epoch, atS, by, reason];
    if ((await database.query(END_MATCH, values)).length > 0) return;
    const now = await loaded(matchId, database);
    if (now.version !== before.version || now.origin?.fingerprint !== before.origin?.fingerprint) {
      throw new CommandError(
        'LIVESCORE_MATCH_CHANGED',
        `match ${printable(matchId)} has changed meanwhile (${inWords(before)}, now ${inWords(now)}): nothing was done; look again`,
      );
    }
    await pause(PAUSE_MS);
  }
  throw new CommandError(
    'LIVESCORE_MATCH_LOCKED',
    `somebody holds the row of match ${printable(matchId)}: nothing was done; try again`,
  );
}

const inWords = ({ status, shown, minute }: MatchState): string =>
  `${statusWords(status)}, ${shown.home}-${shown.away}${minute === null ? '' : `, minute ${minute}`}`;

const facts = ({ status, shown, minute, version }: MatchState) => ({ status, ...shown, minute, version });

function print(
  { matchId, by, reason, json }: EndRequest,
  before: MatchState,
  after: MatchState,
  { stdout }: CommandOutput,
): void {
  if (json) {
    stdout(jsonLine({ matchId, by, reason, before: facts(before), after: facts(after) }));
    return;
  }
  stdout(line('match', matchId));
  stdout(line('before', inWords(before)));
  stdout(line('after', inWords(after)));
  stdout(line('by', by));
  stdout(line('reason', reason));
}
