import { isRunning, type SyncRow } from '../../sync/ports/sync-desk.js';
import type { CommandOutput } from '../command.js';
import { differenceOf } from './difference.js';
import { differenceText } from './difference-text.js';
import { endText, progressText, unseenText, waitText } from './run-text.js';
import type { EndedRun, RunWatch } from './run-watch.js';

/**
 * Tells whoever waits how runs go on: in one line that is written over, or one line for each change. That goes to stderr, and
 * how they ended to stdout.
 */
export class RunReport {
  private readonly told = new Map<string, string>();

  /** @param results how runs end is told as it happens, or by somebody else when all have ended */
  constructor(
    private readonly output: CommandOutput,
    private readonly results: 'told' | 'left',
  ) {}

  waits(row: SyncRow): void {
    this.line(waitText(row));
  }

  endedBefore(run: EndedRun): void {
    this.line(`${endText(run)}. Asks now`);
  }

  progress(rows: readonly SyncRow[]): void {
    const { progress } = this.output;
    const open = rows.filter((row) => isRunning(row) || row.wanted !== null);
    if (progress) progress(open.length === 0 ? null : open.map(progressText).join('; '));
    else for (const row of open.filter(isRunning)) this.change(row.entity, progressText(row));
  }

  over({ entity, now }: RunWatch): void {
    this.output.progress?.(null);
    if (now.at === 'unseen') this.output.stderr(unseenText(entity, now.why));
    if (now.at !== 'ended' || this.results === 'left') return;
    this.output.stdout(endText(now.run));
    const difference = differenceOf(now.run);
    if (difference) this.output.stdout(differenceText(difference));
    else if (now.run.kind === 'diff' && now.run.verdict === 'complete')
      this.output.stderr(`${entity}: no difference is stored`);
  }

  private change(entity: string, text: string): void {
    if (this.told.get(entity) === text) return;
    this.told.set(entity, text);
    this.output.stderr(text);
  }

  private line(text: string): void {
    this.output.progress?.(null);
    this.output.stderr(text);
  }
}
