import { printable } from '../kernel/printable.js';
import { ClientDatabase } from '../postgres/adapters/pg/client-database.js';
import { PgRolloutReads } from '../rollout/adapters/pg/pg-rollout-reads.js';
import { StageChanges } from '../rollout/stage-changes.service.js';
import { operator, readArguments } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command } from './command.js';
import { needMatches } from './known-matches.js';
import { withRollout } from './platform-database.js';
import { jsonLine } from './printing.js';

const PIN_HELP = `livescore pin MATCH legacy|direct [options]
livescore pin MATCH --remove

Ties a match to one path, whatever the stage and the lists say; only the kill switch is stronger.

  --remove       the stage decides again
  --anyway       though there is no such match yet: the pin waits for its row
  --reason TEXT  why
  --by NAME      who, default the user of this shell
  --json         print the answer as JSON

Examples:
  livescore pin l7oqdehg6ko3r51 legacy --reason "the feed shows another match"
  livescore pin l7oqdehg6ko3r51 --remove

It needs SELECT, INSERT, UPDATE and DELETE on livescore_pin, SELECT on livescore_rollout, livescore_setting and ts_matches.
The platform database is DATABASE_URL (postgres://…). A pin is in force on every host within a second.
Exit code: 0 done, 1 --remove found no pin, 2 it could not be done, or there is no such match.`;

const OPTIONS = {
  json: { type: 'boolean' },
  remove: { type: 'boolean' },
  anyway: { type: 'boolean' },
  reason: { type: 'string' },
  by: { type: 'string' },
} as const;

/** `match_id varchar(255)` */
const MAX_ID = 255;

/** `livescore pin`. */
export const pinCommand: Command = {
  help: PIN_HELP,
  run: async (argv, env, { stdout, stderr }) => {
    const { values, positionals } = readArguments('pin', argv, OPTIONS);
    const [matchId = '', ...rest] = positionals;
    if (matchId.trim() === '' || matchId.length > MAX_ID) throw new UsageError('say which match', 'pin');
    const route = readRoute(rest, values.remove === true);
    const who = operator(values.by, env);
    if (values.anyway && route === null) throw new UsageError('--anyway does not belong to --remove', 'pin');
    const isDone = await withRollout(env, async (store, client) => {
      const changes = new StageChanges(store, new PgRolloutReads(new ClientDatabase(client)));
      if (route === 'legacy') await changes.needLegacyPath();
      if (route !== null && !values.anyway)
        await needMatches([matchId], client, 'add --anyway to pin it before its row appears');
      return changes.pin(matchId, route, who, values.reason ?? null);
    });
    const shown = printable(matchId);
    if (!isDone) {
      stderr(`${shown} is not pinned: nothing was done.`);
      return 1;
    }
    if (values.json) stdout(jsonLine({ matchId, route }));
    else stdout(route ? `${shown} is pinned: ${route}` : `${shown} is pinned no more`);
    return 0;
  },
};

function readRoute(words: readonly string[], remove: boolean): 'legacy' | 'direct' | null {
  const [route] = words;
  if (remove && words.length === 0) return null;
  if (!remove && words.length === 1 && (route === 'legacy' || route === 'direct')) return route;
  throw new UsageError('say legacy, direct or --remove', 'pin');
}
