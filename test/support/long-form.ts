const share = Number(process.env.LONG_FORM || 0);
if (!(share >= 0 && share <= 1)) throw new Error('LONG_FORM must be a number from 0 to 1');

/**
 * How many cases a spec of random ones takes: enough to fail soon here, and `many` in `npm run test:long`. `LONG_FORM` between
 * 0 and 1 takes that share of what is between them.
 */
export function cases(few: number, many: number): number {
  return few + Math.round((many - few) * share);
}
