/** How many cases a spec of random ones takes: enough to fail soon here, and `many` in `npm run test:long`. */
export function cases(few: number, many: number): number {
  return process.env.LONG_FORM ? many : few;
}
