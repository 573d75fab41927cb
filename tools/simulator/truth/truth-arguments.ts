import { parseArgs } from 'node:util';
import { FAULTS } from './faults/faults.js';
import { HISTORIES } from './histories/histories.js';
import type { Cell } from './truth-match.js';
import { PROVIDERS, type ProviderKind } from './truth-provider.js';

/** Every so manieth cell: with the short form all histories and all faults come up. */
const SHORT_STEP = 16;

export interface TruthArguments {
  readonly seed: number;
  readonly matches: number;
  readonly providers: readonly ProviderKind[];
  readonly cells: readonly Cell[];
  readonly json: boolean;
  /** checkout of another commit, built */
  readonly against: string | null;
}

const OPTIONS = {
  truth: { type: 'boolean' },
  seed: { type: 'string', default: '20221218' },
  matches: { type: 'string', default: '1' },
  provider: { type: 'string' },
  history: { type: 'string' },
  fault: { type: 'string' },
  against: { type: 'string' },
  json: { type: 'boolean', default: false },
  short: { type: 'boolean', default: false },
} as const;

/** @throws when a name or a number is none */
export function readTruthArguments(args: readonly string[]): TruthArguments {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const cells = cellsOf(values.history, values.fault);
  return {
    seed: wholeNumber('seed', values.seed),
    matches: wholeNumber('matches', values.matches),
    providers: named('provider', PROVIDERS, (name) => name, values.provider),
    cells: values.short ? shortened(cells) : cells,
    json: values.json,
    against: values.against ?? null,
  };
}

function cellsOf(history?: string, fault?: string): readonly Cell[] {
  const faults = named('fault', FAULTS, ({ name }) => name, fault);
  return named('history', HISTORIES, ({ name }) => name, history).flatMap((each) =>
    faults.map((one) => ({ history: each, fault: one })),
  );
}

/** One cell of a few, so that every history and every fault is among them. */
export function shortened(cells: readonly Cell[]): readonly Cell[] {
  return cells.filter((_, n) => n % SHORT_STEP === 0);
}

function named<T>(option: string, all: readonly T[], nameOf: (one: T) => string, name?: string): readonly T[] {
  if (name === undefined) return all;
  const found = all.filter((one) => nameOf(one) === name);
  if (found.length > 0) return found;
  throw new Error(`--${option} "${name}" is none of: ${all.map(nameOf).join('; ')}`);
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${option} "${text}" is not a whole number`);
}
