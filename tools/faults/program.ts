/** The name that `--only` gives to the program of `tools/broadcast`. */
export const BROADCAST = 'broadcast';

/** Do these arguments ask for the faults between commit and client, instead of those between feed and commit? */
export function isBroadcastRun(args: readonly string[]): boolean {
  return args.some((arg, n) => arg === `--only=${BROADCAST}` || (arg === BROADCAST && args[n - 1] === '--only'));
}
