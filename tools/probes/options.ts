import { parseArgs } from 'node:util';

export interface ProbesOptions {
  /** length of each phase, seconds, 1–600 */
  readonly seconds: number;
  /** frames a second that saturate the writer, 1–20,000 */
  readonly rate: number;
  /** too few answers for a p99 */
  readonly isShort: boolean;
  /** a report for programs */
  readonly json: boolean;
}

export function readOptions(args: readonly string[]): ProbesOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      rate: { type: 'string', default: '1500' },
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    seconds: whole('--seconds', values.seconds ?? (values.short ? '4' : '20'), 1, 600),
    rate: whole('--rate', values.rate, 1, 20_000),
    isShort: values.short,
    json: values.json,
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${text}`);
}
