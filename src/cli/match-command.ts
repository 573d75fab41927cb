import { operator, readArguments, readText, refuseForeign } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command, Environment } from './command.js';
import { type EndRequest, endMatch } from './match/end-match.js';
import { listStale } from './match/stale-list.js';
import { type NeededTables, withDatabase } from './platform-database.js';

const MATCH_HELP = `livescore match end MATCH --reason TEXT [options]
livescore match stale [options]

end     Ends a match that is being played, by an operator's word: status 8 with source admin, one version and one journal row
        with who and why. Score, minute and kick-offs stay as they are. The hosts let it stand and tell clients within a
        second; the feed may open it again only as it may any match that has ended. Nothing is written when the row changed
        since it was shown. Of a match on the legacy path the hosts tell nothing.
stale   Lists the matches that stand still although the provider was asked, with the reason: silent, should-be-live,
        null-score, null-minute, second-half-known, first-half-too-long, half-time-too-long, second-half-too-long,
        extra-time-too-long. No match is ever ended because of it: ask the provider, or end it by hand.

  --reason TEXT  end: why, kept in the journal
  --by NAME      end: who, default the user of this shell
  --yes          end: the database is the right one: do not ask for its name
  --all          stale: with those that were asked about a moment ago
  --json         print the answer as JSON

Examples:
  livescore match stale
  livescore match end l7oqdehg6ko3r51 --reason "ended by the referee, the feed is silent"

end needs SELECT and UPDATE on ts_matches, SELECT and INSERT on livescore_journal and livescore_foreign_write, SELECT on
livescore_lease; stale needs SELECT on livescore_stale_match and ts_matches.
The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 2 it could not be done.`;

const OPTIONS = {
  json: { type: 'boolean' },
  reason: { type: 'string' },
  by: { type: 'string' },
  yes: { type: 'boolean' },
  all: { type: 'boolean' },
} as const;

const OPTIONS_OF = { end: ['reason', 'by', 'yes'], stale: ['all'] } as const;

const MATCH_TABLES: NeededTables = {
  code: 'LIVESCORE_NO_JOURNAL',
  lack: 'the database lacks tables of the package',
};

/** `match_id varchar(255)` */
const MAX_ID = 255;

/** `livescore match`. */
export const matchCommand: Command = {
  help: MATCH_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('match', argv, OPTIONS);
    const [action, ...words] = positionals;
    if (action !== 'end' && action !== 'stale') throw new UsageError('say end or stale', 'match');
    refuseForeign('match', action, values, OPTIONS_OF);
    if (action === 'stale') {
      if (words.length > 0) throw new UsageError('stale takes no match', 'match');
      const { all = false, json = false } = values;
      return withDatabase(env, MATCH_TABLES, (client) => listStale(client, all, json, output));
    }
    const request = readEnd(words, values, env);
    return withDatabase(env, MATCH_TABLES, (client) => endMatch(request, client, output));
  },
};

interface EndOptions {
  readonly reason?: string | undefined;
  readonly by?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

function readEnd([matchId = '', ...others]: readonly string[], options: EndOptions, env: Environment): EndRequest {
  const { reason, by, yes = false, json = false } = options;
  if (matchId.trim() === '' || matchId.length > MAX_ID || others.length > 0)
    throw new UsageError('say which match', 'match');
  if (reason === undefined) throw new UsageError('say why with --reason TEXT', 'match');
  const url = env.DATABASE_URL ?? '';
  return { matchId, reason: readText('reason', reason), by: operator(by, env), yes, json, url };
}
