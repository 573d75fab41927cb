import { parseArgs } from 'node:util';

export interface PollersOptions {
  /** readers, 2–50,000; half of them in each of two processes */
  readonly pollers: number;
  /** matches that they read, each as many, 1–100 */
  readonly matches: number;
  /** length of the measurement, seconds, 5–3,600 */
  readonly seconds: number;
  /** `broadcast.longPollMs` of the instances */
  readonly longPollMs: number;
}

const SHORT = { pollers: '500', seconds: '10', 'long-poll': '3000' };
const LONG = { pollers: '5000', seconds: '60', 'long-poll': '20000' };

export function readOptions(args: readonly string[]): PollersOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pollers: { type: 'string' },
      matches: { type: 'string', default: '1' },
      seconds: { type: 'string' },
      'long-poll': { type: 'string' },
      short: { type: 'boolean', default: false },
    },
  });
  const defaults = values.short ? SHORT : LONG;
  return {
    pollers: whole('--pollers', values.pollers ?? defaults.pollers, 2, 50_000),
    matches: whole('--matches', values.matches, 1, 100),
    seconds: whole('--seconds', values.seconds ?? defaults.seconds, 5, 3_600),
    longPollMs: whole('--long-poll', values['long-poll'] ?? defaults['long-poll'], 1_000, 60_000),
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${text}`);
}
