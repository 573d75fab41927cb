import type { Client } from 'pg';
import { FOREIGN_WRITER_MODES, type ForeignWriterMode, PEOPLE } from '../foreign-writers/ports/foreign-writers.js';
import { printable } from '../kernel/printable.js';
import { operator, readArguments } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandOutput } from './command.js';
import { type NeededTables, withDatabase } from './platform-database.js';
import { jsonLine, line } from './printing.js';

const FOREIGN_WRITERS_HELP = `livescore foreign-writers [get]
livescore foreign-writers set MODE [options]

What the trigger on ts_matches does about programs that write score, status or kick-offs beside the direct path.

  off       nothing: the hosts compare live rows with what they know once a second, undo what is wrong, make a version of
            what stands, and tell clients
  observe   the same; the write is journaled with source foreign, and its version rises, as it passes
  protect   as observe; but the rows of matches that the direct path writes keep their values, and clients are told them again

Writes of authorities always pass and stand: a transaction with SET LOCAL livescore.writer = 'admin' (observe and protect),
and statements that stamp a source named in the option foreignWriters.authorities of the hosts (api_force_refresh and
api_manual_refresh by default). The source admin alone is no authority.

  --reason TEXT  why
  --by NAME      who, default the user of this shell
  --json         print the answer as JSON

The trigger follows at once, the hosts within a second. Rows become protected as they are written, at the latest when the
hosts have followed; they are let go when their match changes to the legacy path.

Examples:
  livescore foreign-writers
  livescore foreign-writers set observe --reason "see who writes"

It needs SELECT on livescore_setting and livescore_foreign_write; INSERT and UPDATE on livescore_setting for set.
The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 2 it could not be done.`;

const OPTIONS = {
  json: { type: 'boolean' },
  reason: { type: 'string' },
  by: { type: 'string' },
} as const;

interface Setting {
  readonly mode: string;
  readonly changedAt: Date;
  readonly changedBy: string | null;
  readonly reason: string | null;
  /** sources whose stamp is an authority; null: those of the default */
  readonly authorities: readonly string[] | null;
  /** of the last hour, by result */
  readonly lastHour: Readonly<Record<string, number>>;
}

const GET = `
SELECT s.value AS mode, s.changed_at AS "changedAt", s.changed_by AS "changedBy", s.reason,
  (SELECT a.value FROM livescore_setting a WHERE a.name = 'foreign_writer_authorities' AND starts_with(a.value, '['))::jsonb
    AS authorities,
  (SELECT COALESCE(jsonb_object_agg(w.result, w.count), '{}') FROM (
    SELECT result, count(*)::integer AS count FROM livescore_foreign_write
    WHERE at > (now() - interval '1 hour') AND result <> 'reverted' GROUP BY result) w) AS "lastHour"
FROM livescore_setting s WHERE s.name = 'foreign_writer_mode'`;

const SET = `
INSERT INTO livescore_setting (name, value, changed_by, reason) VALUES ('foreign_writer_mode', $1, $2, $3)
ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, changed_by = EXCLUDED.changed_by, reason = EXCLUDED.reason,
  changed_at = now()`;

const WRITER_TABLES: NeededTables = {
  code: 'LIVESCORE_NO_FOREIGN_WRITERS',
  lack: 'the database lacks the tables of the foreign-writer trigger',
};

/** `livescore foreign-writers`. */
export const foreignWritersCommand: Command = {
  help: FOREIGN_WRITERS_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('foreign-writers', argv, OPTIONS);
    const mode = readMode(positionals);
    return withDatabase(env, WRITER_TABLES, async (client) => {
      if (mode) await client.query(SET, [mode, operator(values.by, env), values.reason ?? null]);
      await show(client, values.json ?? false, output);
      return 0;
    });
  },
};

/** @returns the mode to set; null to look */
function readMode([action = 'get', mode, ...rest]: readonly string[]): ForeignWriterMode | null {
  if (action === 'get' && mode === undefined) return null;
  const known = FOREIGN_WRITER_MODES.find((name) => name === mode);
  if (action === 'set' && known && rest.length === 0) return known;
  throw new UsageError(`say get, or set with ${FOREIGN_WRITER_MODES.join(', ')}`, 'foreign-writers');
}

async function show(client: Client, json: boolean, { stdout }: CommandOutput): Promise<void> {
  const { rows } = await client.query<Setting>(GET);
  const setting: Setting = rows[0] ?? {
    mode: 'off',
    changedAt: new Date(0),
    changedBy: null,
    reason: null,
    authorities: null,
    lastHour: {},
  };
  const authorities = setting.authorities ?? PEOPLE;
  if (json) {
    stdout(jsonLine({ ...setting, authorities }));
    return;
  }
  const { mode, changedAt, changedBy, reason, lastHour } = setting;
  stdout(line('mode', mode));
  stdout(line('since', changedAt.toISOString()));
  stdout(line('by', printable(changedBy ?? '-')));
  stdout(line('reason', printable(reason ?? '-')));
  stdout(line('authorities', printable(authorities.join(', ') || '-')));
  for (const [result, writes] of Object.entries(lastHour)) stdout(line(`${result}, last hour`, String(writes)));
}
