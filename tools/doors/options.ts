import { parseArgs } from 'node:util';

export interface DoorsOptions {
  /** length of each attack, and of the calm before, seconds, 1–600 */
  readonly seconds: number;
  /** attackers at once, 1–100 */
  readonly attackers: number;
  /** kinds of attacks at a time, 1–10; the attackers are shared out */
  readonly together: number;
  /** only attacks whose name contains this */
  readonly only: string;
  /** the busy machine of a check: latencies are judged with more patience */
  readonly short: boolean;
  /** a host of Node and its libraries alone is attacked instead, to see what it feels */
  readonly bare: boolean;
}

export function readOptions(args: readonly string[]): DoorsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      together: { type: 'string' },
      attackers: { type: 'string', default: '20' },
      only: { type: 'string', default: '' },
      short: { type: 'boolean', default: false },
      bare: { type: 'boolean', default: false },
    },
  });
  return {
    seconds: whole('--seconds', values.seconds ?? (values.short ? '1' : '10'), 1, 600),
    attackers: whole('--attackers', values.attackers, 1, 100),
    together: whole('--together', values.together ?? (values.short ? '5' : '1'), 1, 10),
    only: values.only,
    short: values.short,
    bare: values.bare,
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${text}`);
}
