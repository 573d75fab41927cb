import { setTimeout as delay } from 'node:timers/promises';

export interface SettleOptions {
  /** @default 5000 */
  readonly quietMs?: number;
  /** @default 60000 */
  readonly timeoutMs?: number;
  /** @default 100 */
  readonly pollMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks for findings until there are none, or they have not changed for `quietMs`, or `timeoutMs` have passed.
 * @returns the last findings
 */
export async function awaitSettled<T>(
  find: () => Promise<readonly T[]>,
  options: SettleOptions,
): Promise<readonly T[]> {
  const { quietMs = 5_000, timeoutMs = 60_000, pollMs = 100, signal } = options;
  const beganMs = performance.now();
  let changedMs = beganMs;
  let before = '';
  for (;;) {
    const findings = await find();
    const now = JSON.stringify(findings);
    const nowMs = performance.now();
    if (now !== before) changedMs = nowMs;
    before = now;
    if (findings.length === 0 || nowMs - changedMs >= quietMs || nowMs - beganMs >= timeoutMs) return findings;
    await delay(pollMs, undefined, { signal });
  }
}
