import { parseArgs } from 'node:util';

export interface SiegeOptions {
  /** length of the siege, seconds, 10–86,400 */
  readonly seconds: number;
  /** of the load alone, at the beginning, seconds */
  readonly warmUpS: number;
  /** of a first siege, before what is compared afterwards is measured: what is bounded is full then; seconds, 0: none */
  readonly rehearsalS: number;
  /** messages per second about matches that are played, 1–5,000 */
  readonly rate: number;
  /** matches being played at the same time, 1–5,000 */
  readonly matches: number;
  /** the same seed gives the same matches and messages */
  readonly seed: number;
  /** the busy machine of a check: half a minute, and memory that was not in use for long is judged with more patience */
  readonly short: boolean;
  readonly json: boolean;
}

/** V8 takes new pages for minutes under a load before it collects what it has: see the soak. */
const LONG_WARM_UP_S = 120;
/** With the largest message of the feed. */
const REHEARSAL_S = 90;
const SHORT = { seconds: 30, warmUpS: 5, rehearsalS: 0 };

export function readOptions(args: readonly string[]): SiegeOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      rate: { type: 'string' },
      matches: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const seconds = whole('--minutes', values.minutes, 1, 1_440) * 60;
  return {
    ...(values.short ? SHORT : { seconds, warmUpS: Math.min(LONG_WARM_UP_S, seconds / 2), rehearsalS: REHEARSAL_S }),
    rate: whole('--rate', values.rate ?? (values.short ? '200' : '500'), 1, 5_000),
    matches: whole('--matches', values.matches, 1, 5_000),
    seed: whole('--seed', values.seed, 0, 2 ** 31),
    short: values.short,
    json: values.json,
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${text}`);
}
