import { hostUrl, readArguments, readTime } from './arguments.js';
import { CommandError, UsageError } from './cli.errors.js';
import type { Command, CommandOutput } from './command.js';
import { jsonLine, textTable } from './printing.js';
import { type JudgedCriterion, judgeAll } from './verify/criteria.js';
import { readFacts } from './verify/read-facts.js';

const VERIFY_HELP = `livescore verify [options]

Holds the success criteria of the platform against a running host and its database. Each is pass, fail, or waiting, when there
is not enough to judge yet; with its numbers, a few of the rows they are about, and what to do. It takes two seconds.

Judged are the host (/health, /ready, /health/pool, /metrics/latency, and /metrics where it is on) and the rows of ts_matches,
the journal, the settlement and the sync. The host opens its guarded routes for LIVESCORE_INTERNAL_SECRET, else for the key that
it keeps in the database. Nothing is written. The role needs SELECT on ts_matches, ai_predictions and the livescore_* tables.

  --url URL     the host, default http://127.0.0.1:PORT (PORT or 3000); a path is its global prefix
  --since AGE   how far back writes and settlements are looked at, like 90s, 15m or 2h; default 15m
  --json        print the answer as JSON

The platform database is DATABASE_URL (postgres://…).

Examples:
  livescore verify
  livescore verify --url http://127.0.0.1:3000/api --since 1h --json

Exit code: 0 nothing fails (waiting is no failure), 1 a criterion fails: also when the host or the database does not answer;
2 neither could be asked.`;

const OPTIONS = { url: { type: 'string' }, since: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `livescore verify`. */
export const verifyCommand: Command = {
  help: VERIFY_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('verify', argv, OPTIONS);
    if (positionals.length > 0) throw new UsageError('it takes options only', 'verify');
    if (!env.DATABASE_URL) throw new UsageError('DATABASE_URL is not set: name the platform database in it');
    const nowMs = Date.now();
    const periodS = Math.max(1, (nowMs - readTime('since', values.since ?? '15m', nowMs)) / 1000);
    output.progress?.('asking the host and its database for two seconds');
    const facts = await readFacts(hostUrl(values.url, env), env, periodS);
    output.progress?.(null);
    if ('unknown' in facts.host && 'unknown' in facts.database) {
      throw new CommandError('LIVESCORE_NOTHING_TO_VERIFY', `${facts.host.unknown}; ${facts.database.unknown}`);
    }
    const criteria = judgeAll(facts);
    show(criteria, values.json === true, output);
    return criteria.some(({ verdict }) => verdict === 'fail') ? 1 : 0;
  },
};

const SHOWN_AS = { pass: 'pass', fail: 'FAIL', waiting: 'waiting' } as const;

function show(criteria: readonly JudgedCriterion[], json: boolean, { stdout }: CommandOutput): void {
  const count = (wanted: string) => criteria.filter(({ verdict }) => verdict === wanted).length;
  const counts = { pass: count('pass'), fail: count('fail'), waiting: count('waiting') };
  if (json) {
    stdout(jsonLine({ ...counts, criteria }));
    return;
  }
  const rows = criteria.map(({ verdict, title, target, evidence }) => [SHOWN_AS[verdict], title, target, evidence]);
  stdout(textTable(['', 'criterion', 'target', 'evidence'], rows));
  for (const { verdict, title, action } of criteria) {
    if (verdict !== 'pass' && action !== null) stdout(`${verdict === 'fail' ? 'do' : 'may'}  ${title}: ${action}`);
  }
  stdout(`${counts.pass} pass, ${counts.fail} fail, ${counts.waiting} waiting`);
}
