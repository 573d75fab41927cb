import type { Client } from 'pg';
import type { MatchState } from '../../domain/match-state.js';
import { ClientDatabase } from '../../postgres/adapters/pg/client-database.js';
import { PgMatchEnd } from '../../score-writer/adapters/pg/pg-match-end.js';
import { matchInWords } from '../../score-writer/match-end.errors.js';
import type { CommandOutput } from '../command.js';
import { jsonLine, line } from '../printing.js';
import { confirm, readTarget } from '../target.js';

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

/** Ends one match by an operator's word. @throws LiveScoreError when it is not being played, not agreed to, or changed meanwhile */
export async function endMatch(request: EndRequest, client: Client, output: CommandOutput): Promise<number> {
  const ending = new PgMatchEnd(new ClientDatabase(client));
  const before = await ending.look(request.matchId);
  const words = `This ends match ${request.matchId}: ${matchInWords(before)}.`;
  await confirm(await readTarget(client, request.url), { words, agreed: request.yes }, output);
  const after = await ending.end(before, request);
  print(request, before, after, output);
  return 0;
}

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
  stdout(line('before', matchInWords(before)));
  stdout(line('after', matchInWords(after)));
  stdout(line('by', by));
  stdout(line('reason', reason));
}
