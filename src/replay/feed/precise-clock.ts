/**
 * Unix time in fractional milliseconds. `Date.now()` counts whole ones, too coarse for latencies of one or two, and
 * `performance.timeOrigin` does not follow the system clock: this joins the two at the moment it is made.
 */
export function preciseClock(): () => number {
  const tick = Date.now();
  while (Date.now() === tick);
  const offset = Date.now() - performance.now();
  return () => offset + performance.now();
}
