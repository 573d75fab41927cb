import { type OptionPlace, optionsOf, readOptions } from '../kernel/options.js';
import { checked, derived, flag, integer, object, oneOf } from '../kernel/options-rules.js';
import { ALL_LEGACY_ITEMS, type LegacyItemKind } from '../legacy-bridge/ports/legacy-path.js';
import { ROLLOUT_STAGES, type RolloutStage } from './ports/rollout-store.js';
import { type RolloutWatchOptions, WATCH_RULE } from './watch/rollout-watch.options.js';

/** These options configure {@link RolloutModule}. */
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
   * `none`: the host has no legacy path, on purpose. Then every match goes the direct way whatever is set, and the other
   * stages, the kill switch and the automatic rollback are refused. Otherwise the host binds `LegacyFeedHandler` or
   * `LegacyScorePath`, or does not boot.
   * @default 'bound'
   */
  readonly legacy?: 'bound' | 'none';
  /**
   * Which items the legacy queue gets of an update, where it is bound without a `LegacyFeedHandler`.
   * @default all kinds: score, status, incidents, statistics
   */
  readonly legacyItems?: readonly LegacyItemKind[];
  /** how the paths are compared, and when the direct one is taken back. @default see {@link RolloutWatchOptions} */
  readonly watch?: RolloutWatchOptions;
}

type Environment = Readonly<Record<string, string | undefined>>;

const MODULE = 'RolloutModule';
const SWITCH_TEXTS = new Map([
  ...['true', '1', 'yes', 'on'].map((text) => [text, true] as const),
  ...['', 'false', '0', 'no', 'off'].map((text) => [text, false] as const),
]);
const STAGE = oneOf(ROLLOUT_STAGES, 'direct');

const RULES = object({
  pollMs: integer({ default: 500, min: 100, max: 1_000, unit: 'ms' }),
  killSwitch: flag(false),
  maxStage: STAGE,
  moveTimeoutMs: integer({ default: 1_000, min: 100, max: 10_000, unit: 'ms' }),
  legacy: oneOf(['bound', 'none'], 'bound'),
  legacyItems: checked(`a list of ${ALL_LEGACY_ITEMS.join(', ')}`, isItemList, ALL_LEGACY_ITEMS),
  watch: WATCH_RULE,
});
const CAPS = object({
  LIVESCORE_KILL_SWITCH: derived(
    checked<string>('true or false', (value) => SWITCH_TEXTS.has(wordOf(value)), ''),
    (word) => SWITCH_TEXTS.get(wordOf(word)) ?? false,
  ),
  LIVESCORE_MAX_STAGE: (value, place) => STAGE(wordOf(value) || undefined, place),
});

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedRolloutOptions extends optionsOf(MODULE, ruleIn(process.env)) {}

/**
 * The environment is looked at here and never again; it can only lower what the options say.
 * @throws InvalidOptionError also for a variable of the environment that says neither yes nor no
 */
export function resolveRolloutOptions(options?: RolloutOptions, environment?: Environment): ResolvedRolloutOptions {
  return environment ? readOptions(MODULE, ruleIn(environment), options) : new ResolvedRolloutOptions(options);
}

/** What `LIVESCORE_KILL_SWITCH` and `LIVESCORE_MAX_STAGE` allow. @throws InvalidOptionError */
export function environmentCaps(environment: Environment): {
  readonly killSwitch: boolean;
  readonly maxStage: RolloutStage;
} {
  const caps = readOptions(MODULE, CAPS, variablesOf(environment));
  return { killSwitch: caps.LIVESCORE_KILL_SWITCH, maxStage: caps.LIVESCORE_MAX_STAGE };
}

export function lowerStage(a: RolloutStage, b: RolloutStage): RolloutStage {
  return ROLLOUT_STAGES.indexOf(a) < ROLLOUT_STAGES.indexOf(b) ? a : b;
}

function ruleIn(environment: Environment) {
  return derived(RULES, (options, place) => {
    const caps = CAPS(variablesOf(environment), place);
    const killSwitch = options.killSwitch || caps.LIVESCORE_KILL_SWITCH;
    const maxStage = lowerStage(options.maxStage, caps.LIVESCORE_MAX_STAGE);
    if (options.legacy === 'none') refuseLegacy(killSwitch, maxStage, place);
    return { ...options, killSwitch, maxStage };
  });
}

function refuseLegacy(killSwitch: boolean, maxStage: RolloutStage, place: OptionPlace): void {
  const why = 'because "legacy" is "none": scores would go nowhere';
  if (killSwitch) place.inside('killSwitch').refuse(`false, with LIVESCORE_KILL_SWITCH unset, ${why}`, killSwitch);
  if (maxStage !== 'direct')
    place.inside('maxStage').refuse(`direct, with LIVESCORE_MAX_STAGE unset, ${why}`, maxStage);
}

function variablesOf({ LIVESCORE_KILL_SWITCH, LIVESCORE_MAX_STAGE }: Environment): object {
  return { LIVESCORE_KILL_SWITCH, LIVESCORE_MAX_STAGE };
}

function wordOf(value: unknown): string {
  return String(value ?? '')
    .trim()
    .toLowerCase();
}

function isItemList(kinds: unknown): boolean {
  return Array.isArray(kinds) && kinds.every((kind) => ALL_LEGACY_ITEMS.includes(kind));
}
