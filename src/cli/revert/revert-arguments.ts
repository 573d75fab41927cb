import { readArguments, readText, readTime } from '../arguments.js';
import { UsageError } from '../cli.errors.js';

/** Which changes are meant; what is absent does not matter. At least one of match, time and cohort is there. */
export interface RevertScope {
  readonly matchId?: string;
  /** unix ms, inclusive */
  readonly sinceMs?: number;
  /** unix ms, inclusive */
  readonly untilMs?: number;
  readonly cohort?: 'canary';
}

export interface RevertRequest {
  readonly scope: RevertScope;
  readonly dryRun: boolean;
  /** matches on the direct path go to the legacy path first */
  readonly pin: boolean;
  /** the target is agreed to */
  readonly yes?: boolean;
  /** although a host takes the feed into the database */
  readonly force?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly json: boolean;
}

const OPTIONS = {
  json: { type: 'boolean' },
  match: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  cohort: { type: 'string' },
  'dry-run': { type: 'boolean' },
  'no-pin': { type: 'boolean' },
  yes: { type: 'boolean' },
  force: { type: 'boolean' },
  by: { type: 'string' },
  reason: { type: 'string' },
} as const;

/** What is asked for. @throws UsageError */
export function readRevertArguments(argv: readonly string[], nowMs: number): RevertRequest {
  const { values, positionals } = readArguments('revert', argv, OPTIONS);
  if (positionals.length > 0) throw new UsageError(`unexpected "${positionals[0]}"`, 'revert');
  const { match, since, until, cohort, by, reason } = values;
  if (match === undefined && since === undefined && cohort === undefined) {
    throw new UsageError('say what to revert: --match, --since or --cohort', 'revert');
  }
  const scope: RevertScope = {
    ...(match !== undefined && { matchId: readText('match', match) }),
    ...(since !== undefined && { sinceMs: readTime('since', since, nowMs) }),
    ...(until !== undefined && { untilMs: readTime('until', until, nowMs) }),
    ...(cohort !== undefined && { cohort: readCohort(cohort) }),
  };
  if ((scope.untilMs ?? Number.POSITIVE_INFINITY) < (scope.sinceMs ?? Number.NEGATIVE_INFINITY)) {
    throw new UsageError('--until is before --since');
  }
  return {
    scope,
    dryRun: values['dry-run'] ?? false,
    pin: !values['no-pin'],
    ...(values.yes && { yes: true }),
    ...(values.force && { force: true }),
    ...(by !== undefined && { by }),
    ...(reason !== undefined && { reason }),
    json: values.json ?? false,
  };
}

function readCohort(text: string): 'canary' {
  if (text === 'canary') return text;
  throw new UsageError(`--cohort must be canary, received "${text}"`);
}
