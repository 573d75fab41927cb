import { InvalidOptionError } from '../kernel/livescore.errors.js';
import { DEFAULT_LEGACY_ITEMS, type LegacyItemKind } from '../legacy-bridge/ports/legacy-path.js';
import { ROLLOUT_STAGES, type RolloutStage } from './ports/rollout-store.js';
import type { RolloutWatchOptions } from './watch/rollout-watch.options.js';

export interface RolloutOptions {
  /**
   * How often the setting is read from the database, ms, 100–1,000: how long a change may take to reach every process.
   * @default 500
   */
  readonly pollMs?: number;
  /**
   * Everything goes to the legacy path, whatever is set. `LIVESCORE_KILL_SWITCH=true` in the environment does the same;
   * neither takes back the other.
   * @default false
   */
  readonly killSwitch?: boolean;
  /**
   * Highest stage this process takes part in. `LIVESCORE_MAX_STAGE` in the environment does the same; the lower one holds.
   * @default 'direct'
   */
  readonly maxStage?: RolloutStage;
  /**
   * Longest wait for one path to finish a match before the other one takes it over, ms, 100–10,000.
   * @default 1000
   */
  readonly moveTimeoutMs?: number;
  /**
   * Which items the legacy queue gets of an update.
   * @default ['score'], as the platform's feed handler did in the end
   */
  readonly legacyItems?: readonly LegacyItemKind[];
  /** how the paths are compared, and when the direct one is taken back. @default see {@link RolloutWatchOptions} */
  readonly watch?: RolloutWatchOptions;
}

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedRolloutOptions implements Required<Omit<RolloutOptions, 'watch'>> {
  constructor(
    readonly pollMs: number,
    readonly killSwitch: boolean,
    readonly maxStage: RolloutStage,
    readonly moveTimeoutMs: number,
    readonly legacyItems: readonly LegacyItemKind[],
  ) {}
}

const MODULE = 'RolloutModule';
const ON = ['true', '1', 'yes', 'on'];
const ITEM_KINDS: readonly LegacyItemKind[] = ['score', 'status', 'incidents', 'statistics'];
const OFF = ['', 'false', '0', 'no', 'off'];

/**
 * The environment is looked at here and never again; it can only lower what the options say.
 * @throws InvalidOptionError also for a variable of the environment that says neither yes nor no
 */
export function resolveRolloutOptions(
  options: RolloutOptions = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ResolvedRolloutOptions {
  const { pollMs = 500, killSwitch = false, maxStage = 'direct', moveTimeoutMs = 1_000 } = options;
  if (typeof killSwitch !== 'boolean') throw new InvalidOptionError(MODULE, 'killSwitch', 'true or false', killSwitch);
  const caps = environmentCaps(environment);
  return new ResolvedRolloutOptions(
    integer('pollMs', pollMs, 100, 1_000),
    killSwitch || caps.killSwitch,
    lowerStage(stage('maxStage', maxStage), caps.maxStage),
    integer('moveTimeoutMs', moveTimeoutMs, 100, 10_000),
    itemKinds(options.legacyItems ?? DEFAULT_LEGACY_ITEMS),
  );
}

/** What `LIVESCORE_KILL_SWITCH` and `LIVESCORE_MAX_STAGE` allow. @throws InvalidOptionError */
export function environmentCaps(environment: Readonly<Record<string, string | undefined>>): {
  readonly killSwitch: boolean;
  readonly maxStage: RolloutStage;
} {
  const kill = (environment.LIVESCORE_KILL_SWITCH ?? '').trim().toLowerCase();
  if (!ON.includes(kill) && !OFF.includes(kill)) {
    throw new InvalidOptionError(MODULE, 'LIVESCORE_KILL_SWITCH', 'true or false', kill);
  }
  const max = (environment.LIVESCORE_MAX_STAGE ?? '').trim().toLowerCase();
  return { killSwitch: ON.includes(kill), maxStage: max === '' ? 'direct' : stage('LIVESCORE_MAX_STAGE', max) };
}

export function lowerStage(a: RolloutStage, b: RolloutStage): RolloutStage {
  return ROLLOUT_STAGES.indexOf(a) < ROLLOUT_STAGES.indexOf(b) ? a : b;
}

function stage(name: string, value: unknown): RolloutStage {
  const known = ROLLOUT_STAGES.find((candidate) => candidate === value);
  if (known) return known;
  throw new InvalidOptionError(MODULE, name, `one of ${ROLLOUT_STAGES.join(', ')}`, value);
}

function itemKinds(kinds: readonly LegacyItemKind[]): readonly LegacyItemKind[] {
  if (Array.isArray(kinds) && kinds.every((kind) => ITEM_KINDS.includes(kind))) return kinds;
  throw new InvalidOptionError(MODULE, 'legacyItems', `a list of ${ITEM_KINDS.join(', ')}`, kinds);
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidOptionError(MODULE, name, `an integer from ${min} to ${max}`, value);
}
