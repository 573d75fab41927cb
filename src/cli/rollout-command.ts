import type { Client } from 'pg';
import { PgRolloutStore } from '../rollout/adapters/pg/pg-rollout-store.js';
import { readArguments } from './arguments.js';
import { UsageError } from './cli.errors.js';
import { ClientDatabase } from './client-database.js';
import type { Command } from './command.js';
import { readTime } from './read-time.js';
import { readReport } from './rollout/read-report.js';
import { type RolloutReport, reportText } from './rollout/report-text.js';
import { withRolloutClient } from './with-rollout-store.js';

const ROLLOUT_HELP = `livescore rollout report [options]

How the direct path does beside the legacy one: stage, pins, how the rows of matches in shadow compare, how much earlier
the direct path had each goal, latency, changes and goals by source, and the last 20 automatic decisions.

  --since TIME  only what happened since: 2026-05-01T18:30:00Z, or an age like 90s, 30m, 12h or 7d; default 24h
  --json        print the report as JSON

The platform database is DATABASE_URL (postgres://…).
Exit code: 0 shown, 2 it could not be done.`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  since: { type: 'string' },
  json: { type: 'boolean' },
} as const;
const MAX_DECISIONS = 20;

/** `livescore rollout`. */
export const rolloutCommand: Command = async (argv, env, { stdout }) => {
  const { values, positionals } = readArguments('rollout', argv, OPTIONS);
  if (values.help) {
    stdout(ROLLOUT_HELP);
    return 0;
  }
  const [action, ...others] = positionals;
  if (action !== 'report' || others.length > 0) {
    throw new UsageError('say what to do: livescore rollout report\nSee: livescore rollout --help');
  }
  const since = new Date(readTime('since', values.since ?? '24h', Date.now()));
  const report = await withRolloutClient(env, (client) => read(client, since));
  stdout(values.json ? JSON.stringify(report) : reportText(report));
  return 0;
};

async function read(client: Client, since: Date): Promise<RolloutReport> {
  const store = new PgRolloutStore(new ClientDatabase(client));
  const { change, pins } = await store.read();
  return {
    since: since.toISOString(),
    change,
    pins: Object.fromEntries(pins),
    ...(await readReport(client, since)),
    decisions: await store.decisions(MAX_DECISIONS),
  };
}
