import { parseArgs } from 'node:util';

export const SCENARIOS = ['fill', 'again', 'away', 'lookups', 'ticks'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

/** How much of everything. The same seed gives the same rows and the same faults. */
export interface ChaosOptions {
  readonly seed: number;
  /** entries of the provider, of all ten entities together */
  readonly rows: number;
  /** times that the instance which runs is killed while the tables are filled */
  readonly kills: number;
  /** what the hosts may ask */
  readonly budget: Budget;
  /** deleted, and changed, while nobody looks */
  readonly awayRows: number;
  /** how long live matches are asked for beside the catalogue, s */
  readonly lookupS: number;
  /** at least so many ticks */
  readonly ticks: number;
  readonly tickKills: number;
  /** the idle host is looked at for so long, s */
  readonly idleS: number;
  readonly only: readonly ScenarioName[];
}

export interface Budget {
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly perMinute?: number;
  readonly perHour?: number;
}

const FULL = {
  rows: 200_000,
  kills: 5,
  budget: { requestsPerSecond: 20, burst: 10, perMinute: 900, perHour: 6_000 },
  awayRows: 1_000,
  lookupS: 60,
  ticks: 1_000,
  tickKills: 16,
  idleS: 15,
};
const SHORT = {
  rows: 4_000,
  kills: 1,
  budget: { requestsPerSecond: 10, burst: 5, perMinute: 400, perHour: 2_000 },
  awayRows: 200,
  lookupS: 8,
  ticks: 40,
  tickKills: 2,
  idleS: 4,
};

export function readOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      rows: { type: 'string' },
      short: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
    },
  });
  const size = values.short ? SHORT : FULL;
  return {
    ...size,
    seed: whole('--seed', values.seed, 1, 0),
    rows: whole('--rows', values.rows, size.rows, 2_000),
    only: (values.only ?? SCENARIOS).map(scenario),
  };
}

function scenario(name: string): ScenarioName {
  const found = SCENARIOS.find((known) => known === name);
  if (found) return found;
  throw new Error(`--only must be one of ${SCENARIOS.join(', ')}, got ${name}`);
}

function whole(name: string, text: string | undefined, fallback: number, min: number): number {
  const number = text === undefined ? fallback : Number(text);
  if (Number.isInteger(number) && number >= min) return number;
  throw new Error(`${name} must be a whole number from ${min}, got ${text}`);
}
