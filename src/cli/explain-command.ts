import type { Explanation } from '../contracts/health-facts.js';
import { readArguments } from './arguments.js';
import { reasonOf, UnreachableError, UsageError } from './cli.errors.js';
import type { Command } from './command.js';
import { askHost } from './explain/ask-host.js';
import { explanationTable } from './explain/explanation-table.js';
import { readJournal } from './explain/read-journal.js';
import { hostUrl } from './host-address.js';

const EXPLAIN_HELP = `livescore explain MATCH [options]

Shows why each of the last 50 frames of a match was applied or not. The running host answers; when it cannot be reached
and DATABASE_URL is set, the applied changes are read from the journal instead.

  --url URL     the host, default http://127.0.0.1:PORT (PORT or 3000)
  --json        print the answer as JSON

Exit code: 0 shown, 1 nothing is known of the match, 2 neither host nor journal could be read.`;

const OPTIONS = { help: { type: 'boolean', short: 'h' }, url: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `livescore explain`. */
export const explainCommand: Command = async (argv, env, { stdout, stderr }) => {
  const { values, positionals } = readArguments('explain', argv, OPTIONS);
  if (values.help) {
    stdout(EXPLAIN_HELP);
    return 0;
  }
  const [matchId, ...others] = positionals;
  if (matchId === undefined || others.length > 0) throw new UsageError('give one match id: livescore explain MATCH');
  const host = hostUrl(values.url, env);
  const explanation = await askHost(host, matchId).catch((error: unknown): Promise<Explanation> => {
    if (!(error instanceof UnreachableError) || !env.DATABASE_URL) throw error;
    stderr(`${reasonOf(error)}\nFrom the journal instead: only changes that were applied are shown.`);
    return readJournal(env.DATABASE_URL, matchId);
  });
  if (values.json) stdout(JSON.stringify(explanation));
  else if (explanation.decisions.length > 0) stdout(explanationTable(explanation));
  if (explanation.feed === 'no-feed') stderr('No feed: the match is being played, but the feed does not speak of it.');
  if (explanation.disputed) stderr('Disputed: the feed insists on what the guard refuses.');
  if (explanation.decisions.length > 0) return 0;
  stderr(`Nothing is known of match "${matchId}": no frame of it has been judged.`);
  return 1;
};
