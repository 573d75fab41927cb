const TRIES = 100;

/** Between two looks at two clocks the process may be held up: the largest difference is the true one. */
const offsetMs = Math.max(
  ...Array.from({ length: TRIES }, () => Number(process.hrtime.bigint()) / 1e6 - performance.now()),
);

/** Milliseconds of the machine's monotonic clock: the same in every process. */
export function sharedNowMs(): number {
  return performance.now() + offsetMs;
}
