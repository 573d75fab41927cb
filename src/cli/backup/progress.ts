import { type Cancel, REAL_TIME } from '../../kernel/scheduler.js';
import type { CommandOutput } from '../command.js';

const EVERY_MS = 500;

/** Tells what goes on: a line that changes at a terminal, one line for each step where nobody watches. */
export class Progress {
  private readonly startedMs = REAL_TIME.monotonicMs();
  private readonly cancel: Cancel | null;
  private step = '';
  private detail = '';

  constructor(private readonly output: CommandOutput) {
    this.cancel = output.progress ? REAL_TIME.every(EVERY_MS, () => this.show()) : null;
  }

  get seconds(): number {
    return (REAL_TIME.monotonicMs() - this.startedMs) / 1_000;
  }

  begin(step: string): void {
    this.step = step;
    this.detail = '';
    if (this.output.progress) this.show();
    else this.output.stderr(`${step} …`);
  }

  tell(detail: string): void {
    this.detail = detail;
  }

  end(): void {
    this.cancel?.();
    this.output.progress?.(null);
  }

  private show(): void {
    const detail = this.detail === '' ? '' : `: ${this.detail}`;
    this.output.progress?.(`${this.step}${detail}, ${this.seconds.toFixed(0)} s`);
  }
}

/** Bytes for people. */
export function sizeText(bytes: number): string {
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(0)} KiB`;
  return bytes < 1_073_741_824 ? `${(bytes / 1_048_576).toFixed(1)} MiB` : `${(bytes / 1_073_741_824).toFixed(2)} GiB`;
}
