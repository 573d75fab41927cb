import { printable } from '../kernel/printable.js';
import { operator, readArguments } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command } from './command.js';
import { withRollout } from './platform-database.js';
import { jsonLine } from './printing.js';

import { needLegacyPath } from './stage-command.js';

const PIN_HELP = `livescore pin MATCH legacy|direct [options]
livescore pin MATCH --remove

Ties a match to one path, whatever the stage and the lists say; only the kill switch is stronger.

  --remove       the stage decides again
  --reason TEXT  why
  --by NAME      who, default the user of this shell
  --json         print the answer as JSON

The platform database is DATABASE_URL (postgres://…). A pin is in force on every host within a second.
Exit code: 0 done, 2 it could not be done.`;

const OPTIONS = {
  json: { type: 'boolean' },
  remove: { type: 'boolean' },
  reason: { type: 'string' },
  by: { type: 'string' },
} as const;

/** `match_id varchar(255)` */
const MAX_ID = 255;

/** `livescore pin`. */
export const pinCommand: Command = {
  help: PIN_HELP,
  run: async (argv, env, { stdout }) => {
    const { values, positionals } = readArguments('pin', argv, OPTIONS);
    const [matchId = '', ...rest] = positionals;
    if (matchId.trim() === '' || matchId.length > MAX_ID) throw new UsageError('say which match', 'pin');
    const route = readRoute(rest, values.remove === true);
    const who = operator(values.by, env);
    await withRollout(env, async (store) => {
      if (route === 'legacy') await needLegacyPath(store);
      await store.pin(matchId, route, who, values.reason ?? null);
    });
    const shown = printable(matchId);
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
