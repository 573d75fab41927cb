import { parseArgs } from 'node:util';
import { SUBJECT_NAMES, type SubjectName } from './subject-process.js';
import type { ProfileKind } from './subjects/subject-messages.js';

export const PHASE_GROUPS = [
  'lowLoad',
  'saturation',
  'burst',
  'qos1',
  'generator',
  'legacy',
  'independence',
  'settlement',
  'sync',
] as const;
export type PhaseGroup = (typeof PHASE_GROUPS)[number];

export interface BenchOptions {
  readonly json: boolean;
  readonly rounds: number;
  readonly groups: readonly PhaseGroup[];
  readonly subjects: readonly SubjectName[];
  readonly quick: boolean;
  readonly profile: ProfileKind | null;
  /** a checkout of another commit, compiled, whose `ours` is measured beside this one's; null for none */
  readonly against: string | null;
}

export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true },
      subject: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      allocations: { type: 'boolean', default: false },
      against: { type: 'string' },
    },
  });
  const profile = values.allocations ? 'allocations' : values.profile ? 'cpu' : null;
  const rounds = Number(values.rounds ?? (values.quick || profile ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds must be an integer from 1, got ${values.rounds}`);
  const groups = values.only?.map((name) => oneOf('--only', PHASE_GROUPS, name));
  const subjects = values.subject?.map((name) => oneOf('--subject', SUBJECT_NAMES, name));
  return {
    json: values.json,
    rounds,
    groups: groups ?? (profile ? ['saturation'] : PHASE_GROUPS),
    subjects: subjects ?? (profile ? ['ours'] : SUBJECT_NAMES),
    quick: values.quick,
    profile,
    against: values.against ?? null,
  };
}

function oneOf<T extends string>(option: string, known: readonly T[], name: string): T {
  const found = known.find((candidate) => candidate === name);
  if (!found) throw new Error(`${option} must be one of ${known.join(', ')}, got ${name}`);
  return found;
}
