import type { Scheduler } from '../../kernel/scheduler.js';
import type { SyncDesk, Wish } from '../../sync/ports/sync-desk.js';
import type { CommandOutput } from '../command.js';
import { jsonLine } from '../printing.js';
import { differenceOf, isDifferent } from './difference.js';
import { RunFollower } from './run-follower.js';
import { RunReport } from './run-report.js';
import type { EndedRun, RunWatch } from './run-watch.js';

export interface RunRequest {
  readonly names: readonly string[];
  readonly wish: Wish;
  readonly timeoutMs: number;
  readonly json: boolean;
}

const [DONE, WRONG, CANNOT] = [0, 1, 2] as const;

/** Asks, and leaves. @returns the exit code */
export async function askOnly(
  store: SyncDesk,
  { names, wish, json }: RunRequest,
  output: CommandOutput,
): Promise<number> {
  for (const name of names) await store.ask(name, wish, 'at-once');
  if (json) output.stdout(jsonLine({ asked: names, kind: wish.kind }));
  else for (const name of names) output.stdout(`${name}: asked for a run (${wish.kind})`);
  return DONE;
}

/** Asks, and follows to the end. @returns the exit code, the worst of all */
export async function runAndFollow(
  store: SyncDesk,
  scheduler: Scheduler,
  { names, wish, timeoutMs, json }: RunRequest,
  output: CommandOutput,
): Promise<number> {
  const report = new RunReport(output, json ? 'left' : 'told');
  const watches = await new RunFollower({ store, scheduler, report, wish, timeoutMs }).follow(names);
  if (json) output.stdout(jsonLine(watches.map(toJson)));
  return Math.max(...watches.map(exitCodeOf));
}

function toJson({ entity, now }: RunWatch): unknown {
  if (now.at === 'unseen') return { entity, verdict: null, unseen: now.why };
  if (now.at !== 'ended') return { entity, verdict: null };
  const { kind, verdict, counts, error, tookMs } = now.run;
  return { entity, kind, verdict, ...counts, error, tookMs, diff: differenceOf(now.run) };
}

function exitCodeOf({ now }: RunWatch): number {
  if (now.at !== 'ended') return CANNOT;
  return now.run.verdict === 'complete' && showsNoDifference(now.run) ? DONE : WRONG;
}

function showsNoDifference(run: EndedRun): boolean {
  const difference = differenceOf(run);
  return run.kind !== 'diff' || (difference !== null && !isDifferent(difference));
}
