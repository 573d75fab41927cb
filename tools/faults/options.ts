import { parseArgs } from 'node:util';
import { FAULTS } from './faults/index.js';
import { type BrokerKind, brokerKind } from './parts/broker.js';
import { BROADCAST } from './program.js';

export interface FaultOptions {
  /** the same seed gives the same faults, messages and kills, counted in messages */
  readonly seed: number;
  /** shared among the faults */
  readonly rounds: number;
  readonly json: boolean;
  /** writes docs/fault-report.md */
  readonly report: boolean;
  readonly only: readonly string[];
  /** every outage in its full length */
  readonly full: boolean;
  /** faults at the same time */
  readonly lanes: number;
  /** @default mosquitto where it is installed */
  readonly broker: BrokerKind;
}

export const DEFAULT_SEED = 1;
export const DEFAULT_ROUNDS = 100;
const DEFAULT_LANES = 2;

export function readOptions(args: readonly string[]): FaultOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'boolean', default: false },
      report: { type: 'boolean' },
      only: { type: 'string', multiple: true },
      full: { type: 'boolean', default: false },
      lanes: { type: 'string' },
      broker: { type: 'string' },
    },
  });
  const names = FAULTS.map(({ name }) => name);
  for (const name of values.only ?? []) {
    if (!names.includes(name))
      throw new Error(`--only must be one of ${[...names, BROADCAST].join(', ')}, got ${name}`);
  }
  const rounds = whole('--rounds', values.rounds, values.only ? values.only.length : DEFAULT_ROUNDS, 1);
  return {
    seed: whole('--seed', values.seed, DEFAULT_SEED, 0),
    rounds,
    json: values.json,
    report: values.report ?? (values.only === undefined && rounds >= DEFAULT_ROUNDS),
    only: values.only ?? names,
    full: values.full,
    broker: values.broker === undefined ? brokerKind() : broker(values.broker),
    lanes: whole('--lanes', values.lanes, DEFAULT_LANES, 1),
  };
}

function broker(text: string): BrokerKind {
  if (text === 'mosquitto' || text === 'aedes') return text;
  throw new Error(`--broker must be mosquitto or aedes, got ${text}`);
}

function whole(name: string, text: string | undefined, fallback: number, min: number): number {
  const number = text === undefined ? fallback : Number(text);
  if (Number.isInteger(number) && number >= min) return number;
  throw new Error(`${name} must be a whole number from ${min}, got ${text}`);
}
