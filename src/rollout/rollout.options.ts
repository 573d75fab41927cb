import { optionsOf, readOptions } from '../kernel/options.js';
import { checked, derived, flag, integer, object, oneOf } from '../kernel/options-rules.js';
import { DEFAULT_LEGACY_ITEMS, type LegacyItemKind } from '../legacy-bridge/ports/legacy-path.js';
import { ROLLOUT_STAGES, type RolloutStage } from './ports/rollout-store.js';
import { type RolloutWatchOptions, WATCH_RULE } from './watch/rollout-watch.options.js';

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

type Environment = Readonly<Record<string, string | undefined>>;

const MODULE = 'RolloutModule';
const ITEM_KINDS: readonly LegacyItemKind[] = ['score', 'status', 'incidents', 'statistics'];
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
  legacyItems: checked(`a list of ${ITEM_KINDS.join(', ')}`, isItemList, DEFAULT_LEGACY_ITEMS),
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
    return {
      ...options,
      killSwitch: options.killSwitch || caps.LIVESCORE_KILL_SWITCH,
      maxStage: lowerStage(options.maxStage, caps.LIVESCORE_MAX_STAGE),
    };
  });
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
  return Array.isArray(kinds) && kinds.every((kind) => ITEM_KINDS.includes(kind));
}
