import { parseArgs } from 'node:util';

export const SECTIONS = ['matchDay', 'fanout', 'idle', 'storm', 'gateways'] as const;
export type Section = (typeof SECTIONS)[number];

const SIZES = [100, 1_000, 5_000] as const;
const MOST_CLIENTS = 8_000;
/** What so many handshakes leave to the garbage collector is not the work of idle clients. */
const IDLE_AFTER_MS = 20_000;
/** Silent clients are asked for a sign of life once in it: at every fourth heartbeat. */
const IDLE_MS = 60_000;

export interface FanoutOptions {
  readonly json: boolean;
  /** clients of each step of the fan-out, ascending; the other sections have as many as the last one */
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly sections: readonly Section[];
  readonly quick: boolean;
  /** how long idle clients are watched */
  readonly idleMs: number;
  /** how long after the last one came */
  readonly idleAfterMs: number;
  /** where the CPU profiles of the servers go; null: they are not made */
  readonly profiles: string | null;
}

/** @throws Error that names the option */
export function readFanoutOptions(args: readonly string[]): FanoutOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      clients: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const { json, quick } = values;
  const most = integer('--clients', values.clients ?? (quick ? 500 : 5_000), MOST_CLIENTS);
  return {
    json,
    quick,
    sizes: values.clients ? [most] : SIZES.filter((size) => size <= most),
    rounds: integer('--rounds', values.rounds ?? (quick ? 1 : 5), 100),
    sections: values.only?.map(sectionOf) ?? SECTIONS,
    idleMs: quick ? 5_000 : IDLE_MS,
    idleAfterMs: quick ? 0 : IDLE_AFTER_MS,
    profiles: values.profile ?? null,
  };
}

function integer(option: string, value: string | number, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new Error(`${option} must be an integer from 1 to ${most}, got ${value}`);
}

function sectionOf(name: string): Section {
  const found = SECTIONS.find((section) => section === name);
  if (!found) throw new Error(`--only must be one of ${SECTIONS.join(', ')}, got ${name}`);
  return found;
}
