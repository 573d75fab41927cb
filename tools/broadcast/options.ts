import { parseArgs } from 'node:util';

export interface BroadcastRunOptions {
  /** the same seed gives the same clients, changes and moments; how far they interleave is the machine's */
  readonly seed: number;
  readonly json: boolean;
  /** some of the phases, with a few thousand changes */
  readonly short: boolean;
  /** versions that are to be committed */
  readonly changes: number;
  readonly clients: number;
  /** names of phases; all when empty */
  readonly phases: readonly string[];
}

const DEFAULT_SEED = 1;
const CHANGES = { full: 100_000, short: 4_000 };
const CLIENTS = 200;

/** @param phases names that `--phase` may give */
export function readOptions(args: readonly string[], phases: readonly string[]): BroadcastRunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      changes: { type: 'string' },
      clients: { type: 'string' },
      phase: { type: 'string', multiple: true, default: [] },
    },
  });
  for (const name of values.phase) {
    if (!phases.includes(name)) throw new Error(`--phase must be one of ${phases.join(', ')}, got ${name}`);
  }
  return {
    seed: whole('--seed', values.seed, DEFAULT_SEED, 0),
    json: values.json,
    short: values.short,
    changes: whole('--changes', values.changes, values.short ? CHANGES.short : CHANGES.full, 100),
    clients: whole('--clients', values.clients, CLIENTS, 10),
    phases: values.phase,
  };
}

function whole(name: string, text: string | undefined, fallback: number, min: number): number {
  const number = text === undefined ? fallback : Number(text);
  if (Number.isInteger(number) && number >= min) return number;
  throw new Error(`${name} must be a whole number from ${min}, got ${text}`);
}
