import { closestName } from '../kernel/closest-name.js';
import { type FeatureMode, withMode } from '../kernel/feature-mode.js';
import { type OptionPlace, optionsOf, readOptions } from '../kernel/options.js';
import { kindOf } from '../kernel/options-received.js';
import { checked, flag, integer, object } from '../kernel/options-rules.js';
import { JOB_NAMES } from './job-names.js';
import { isCron } from './sync-schedule.js';

/** These options configure {@link SyncModule}: what is kept as the provider has it, and how often it is looked at. */
export interface SyncOptions {
  /**
   * What the module does at the start and at most. `off`: nothing; `shadow`: entities are read and compared, nothing is
   * written; `on`: they are kept. The setting in the database changes it below that at run time. `LIVESCORE_SYNC` in the
   * environment says the same; the lower of the two holds.
   * @default 'off'
   */
  readonly mode?: FeatureMode;
  /** Do entities and jobs run that nobody has switched on or off by name? `sync.NAME.enabled` at run time comes first. @default true */
  readonly enabled?: boolean;
  /** By name of the entity or job (`team`, `diary`): what differs from its defaults. @default none */
  readonly jobs?: Readonly<Record<string, SyncJobOptions>>;
  /** Milliseconds that a tick of an entity waits at most, the same in every instance, 0 to 3,600,000. @default 30_000 */
  readonly jitterMs?: number;
  /** Milliseconds for which a missed tick is made up for, 0 to 604,800,000. @default 43_200_000 */
  readonly lateWithinMs?: number;
  /** Milliseconds until a run that did not complete is tried again, 1,000 to 86,400,000. @default 300_000 */
  readonly retryAfterMs?: number;
  /** Milliseconds without a sign after which a run is taken over, 10,000 to 3,600,000. @default 60_000 */
  readonly takeOverAfterMs?: number;
  /** Milliseconds between two looks at what is due, 100 to 60,000. @default 1_000 */
  readonly pollMs?: number;
  /** Hours that the operators' day is ahead of UTC, -12 to 14. @default 3 */
  readonly dayOffsetHours?: number;
  /** Seconds between two requests for everything that is live, a divisor of 60, 2 to 60. @default 5 */
  readonly liveEveryS?: number;
  /** Days before and after today that the diary reads, 0 to 30. @default 1 */
  readonly diaryDays?: number;
}

/** What differs from the defaults of one entity or job. */
export interface SyncJobOptions {
  /** @default what `enabled` of the module says */
  readonly enabled?: boolean;
  /** Cron pattern in UTC, five or six fields, of runs that read everything; null: none. @default its own */
  readonly full?: string | null;
  /** The same of runs that read what changed. @default its own */
  readonly incremental?: string | null;
}

const MODULE = 'SyncModule';
const milliseconds = (fallback: number, min: number, max: number) =>
  integer({ default: fallback, min, max, unit: 'ms' });
const cron = checked<string | null | undefined>(
  'a cron pattern of five or six fields, or null',
  (value) => value === null || isCron(value),
  undefined,
);
const JOB = object({
  enabled: checked<boolean | undefined>('true or false', (value) => typeof value === 'boolean', undefined),
  full: cron,
  incremental: cron,
});

const RULES = {
  enabled: flag(true),
  jobs: jobsRule,
  jitterMs: milliseconds(30_000, 0, 3_600_000),
  lateWithinMs: milliseconds(43_200_000, 0, 604_800_000),
  retryAfterMs: milliseconds(300_000, 1_000, 86_400_000),
  takeOverAfterMs: milliseconds(60_000, 10_000, 3_600_000),
  pollMs: milliseconds(1_000, 100, 60_000),
  dayOffsetHours: integer({ default: 3, min: -12, max: 14, unit: 'hours' }),
  liveEveryS: checked(
    'a divisor of 60 from 2 to 60',
    (value) => Number.isInteger(value) && (value as number) >= 2 && 60 % (value as number) === 0,
    5,
  ),
  diaryDays: integer({ default: 1, min: 0, max: 30, unit: 'days' }),
};

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedSyncOptions extends optionsOf(MODULE, ruleIn(process.env)) {}

/** @throws InvalidOptionError also for a variable of the environment that names no mode */
export function resolveSyncOptions(
  options?: SyncOptions,
  environment?: Readonly<Record<string, string | undefined>>,
): ResolvedSyncOptions {
  return environment ? readOptions(MODULE, ruleIn(environment), options) : new ResolvedSyncOptions(options);
}

function ruleIn(environment: Readonly<Record<string, string | undefined>>) {
  return withMode(RULES, 'LIVESCORE_SYNC', environment);
}

/** An option for a name that nothing has would be silence: it is refused. */
function jobsRule(value: unknown = {}, place: OptionPlace): ReadonlyMap<string, SyncJobOptions> {
  const jobs = new Map<string, SyncJobOptions>();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    place.refuse('an object', value, kindOf(value));
    return jobs;
  }
  for (const [name, options] of Object.entries(value)) {
    const closest = JOB_NAMES.includes(name) ? undefined : closestName(name, JOB_NAMES);
    if (JOB_NAMES.includes(name)) jobs.set(name, JOB(options, place.inside(name)));
    else
      place
        .inside(name)
        .refuse(`left out, nothing has this name${closest ? `; did you mean "${closest}"?` : ''}`, options);
  }
  return jobs;
}
