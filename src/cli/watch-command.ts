import { pause } from '../kernel/deadline.js';
import { REAL_TIME } from '../kernel/scheduler.js';
import { hostUrl, readArguments, readNumber } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandOutput } from './command.js';
import { jsonLine } from './printing.js';
import { watchLines } from './watch/watch-lines.js';
import { WatchSource } from './watch/watch-source.js';
import type { WatchView } from './watch/watch-view.js';

const WATCH_HELP = `livescore watch [options]

Shows a running host and its database as they are, live: matches with score, minute, version and age, rates, latency, the
feed, the lease and the stage. q or Ctrl-C ends it. Host and database are asked once a second at most; what does not answer is
told, and asked again.

  --url URL    the host, default http://127.0.0.1:PORT (PORT or 3000); a path is its global prefix
  --every S    seconds between two looks, 1 to 3600, default 1
  --once       one look
  --json       each look as one line of JSON

Examples:
  livescore watch
  livescore watch --once --json
  livescore watch --json --every 10 | jq -c '.database.live'

It needs SELECT on ts_matches, livescore_journal, livescore_lease, livescore_rollout and livescore_host. Latency and pool of the
host are shown with its secret: LIVESCORE_INTERNAL_SECRET, else the key that it keeps in livescore_host.
The platform database is DATABASE_URL (postgres://…); without it the host alone is shown.
Exit code: 0 ended, 1 with --once host or database did not answer, 2 it could not be done.`;

const OPTIONS = {
  url: { type: 'string' },
  every: { type: 'string' },
  once: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** As many lines as anybody wants without a terminal. */
const WHOLE = { rows: 220, columns: 200 };

/** `livescore watch`. */
export const watchCommand: Command = {
  help: WATCH_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('watch', argv, OPTIONS);
    if (positionals.length > 0) throw new UsageError(`unexpected "${positionals[0]}"`, 'watch');
    const everyMs = readNumber('every', values.every ?? '1', 1, 3_600) * 1_000;
    const source = new WatchSource(hostUrl(values.url, env), env);
    try {
      if (values.once) return once(await source.look(), values.json ?? false, output);
      if (!values.json && !output.screen) {
        throw new UsageError('this is no terminal: add --once, or --json for one line a look', 'watch');
      }
      await follow(source, everyMs, values.json ?? false, output);
      return 0;
    } finally {
      await source.close();
    }
  },
};

function once(view: WatchView, json: boolean, { stdout }: CommandOutput): number {
  stdout(json ? jsonLine(view) : watchLines(view, WHOLE).join('\n'));
  return 'unknown' in view.host || 'unknown' in view.database ? 1 : 0;
}

/** Looks until q, Ctrl-C, SIGTERM, or nobody reads any more. The screen is as it was afterwards. */
async function follow(source: WatchSource, everyMs: number, json: boolean, output: CommandOutput): Promise<void> {
  const ended = new AbortController();
  const end = () => ended.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, end);
  output.gone?.addEventListener('abort', end, { once: true });
  const screen = json ? undefined : output.screen?.(end);
  try {
    while (!ended.signal.aborted && !output.gone?.aborted) {
      const startedMs = REAL_TIME.monotonicMs();
      const view = await source.look();
      if (ended.signal.aborted) return;
      if (screen) screen.draw(watchLines(view, screen));
      else output.stdout(jsonLine(view));
      await pause(Math.max(0, everyMs - (REAL_TIME.monotonicMs() - startedMs)), REAL_TIME, ended.signal);
    }
  } catch (error) {
    if (!ended.signal.aborted) throw error;
  } finally {
    screen?.close();
    for (const name of signals) process.removeListener(name, end);
    output.gone?.removeEventListener('abort', end);
  }
}
