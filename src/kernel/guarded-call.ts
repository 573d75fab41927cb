/**
 * Calls code of the host whose end nobody waits for. Its type says void, and an async function fits that: what it throws
 * and what it rejects with both go to `failed`, which must not throw.
 */
export function guardedCall(call: () => unknown, failed: (error: unknown) => void): void {
  try {
    const result = call();
    if (isThenable(result)) result.then(undefined, failed);
  } catch (error) {
    failed(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
