import { parseArgs } from 'node:util';

export interface PageOptions {
  /** pairs of windows, one with the page closed and one with it open, 1–100 */
  readonly rounds: number;
  /** length of a window, seconds, 2–600 */
  readonly seconds: number;
  /** frames a second of a live day, 1–20,000 */
  readonly rate: number;
  /** frames a second that saturate the writer, 1–20,000 */
  readonly saturation: number;
  /** a report for programs */
  readonly json: boolean;
}

/** @throws Error that names the option */
export function readPageOptions(args: readonly string[]): PageOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '10' },
      rate: { type: 'string', default: '50' },
      saturation: { type: 'string', default: '5000' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    rounds: whole('--rounds', values.rounds, 1, 100),
    seconds: whole('--seconds', values.seconds, 2, 600),
    rate: whole('--rate', values.rate, 1, 20_000),
    saturation: whole('--saturation', values.saturation, 1, 20_000),
    json: values.json,
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${text}`);
}
