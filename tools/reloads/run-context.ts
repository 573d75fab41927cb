import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from '../faults/parts/cleanup.js';
import type { ReloadsOptions } from './options.js';

const LOOK_EVERY_MS = 200;

export interface RunContext {
  readonly options: ReloadsOptions;
  readonly cleanup: Cleanup;
  readonly logDirectory: string;
  readonly signal: AbortSignal;
  say(text: string): void;
}

/** Waits for the condition, but not longer than this; what does not hold by then is found by the checks. */
export async function asLongAs(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition()) && performance.now() < deadline) await sleep(LOOK_EVERY_MS);
}
