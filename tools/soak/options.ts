import { parseArgs } from 'node:util';

export interface SoakOptions {
  /** length of the load, minutes, 1–1,440 */
  readonly minutes: number;
  /** messages per second, 1–5,000 */
  readonly rate: number;
  /** matches being played at the same time, 1–5,000 */
  readonly matches: number;
  /** the same seed gives the same matches and messages */
  readonly seed: number;
  readonly json: boolean;
}

export function readOptions(args: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      rate: { type: 'string', default: '500' },
      matches: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    minutes: whole('--minutes', values.minutes, 1, 1_440),
    rate: whole('--rate', values.rate, 1, 5_000),
    matches: whole('--matches', values.matches, 1, 5_000),
    seed: whole('--seed', values.seed, 0, 2 ** 31),
    json: values.json,
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${text}`);
}
