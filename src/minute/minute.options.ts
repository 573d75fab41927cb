import { type FeatureMode, withMode } from '../kernel/feature-mode.js';
import { optionsOf, readOptions } from '../kernel/options.js';
import { flag, integer, object } from '../kernel/options-rules.js';
import { readFormats } from './read-formats.js';

/** These options configure {@link MinuteModule}. */
export interface MinuteOptions {
  /**
   * What the module does at the start and at most. `off`: nobody ticks; `shadow`: the minutes are computed and compared
   * with those in the rows; `on`: they are written. The setting in the database changes it below that at run time.
   * `LIVESCORE_MINUTE` in the environment says the same; the lower of the two holds.
   * @default LIVESCORE_MINUTE, else 'off'
   */
  readonly mode?: FeatureMode;
  /** How often all matches that are being played get their minute, ms, 1,000–300,000. @default 30000 */
  readonly tickMs?: number;
  /** Each match gets its minute at its own boundary, too, to the second: about one statement a second. @default false */
  readonly precise?: boolean;
  /** How often mode, formats and disputes are read from the database, ms, 100–60,000. @default 1000 */
  readonly pollMs?: number;
  /**
   * Matches that are not twice 45 minutes: halves of 45, 40, 35 or 30, extra time of twice 15 or 10, as `2x40` or
   * `2x40+2x10`. The table `livescore_match_format` goes before it.
   * @default none
   */
  readonly formats?: {
    /** By `competition_id`. @default none */
    readonly competitions?: Readonly<Record<string, string>>;
    /** By match id. @default none */
    readonly matches?: Readonly<Record<string, string>>;
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

const MODULE = 'MinuteModule';
const VARIABLE = 'LIVESCORE_MINUTE';
const RULES = {
  tickMs: integer({ default: 30_000, min: 1_000, max: 300_000, unit: 'ms' }),
  precise: flag(false),
  pollMs: integer({ default: 1_000, min: 100, max: 60_000, unit: 'ms' }),
  formats: object({ competitions: readFormats, matches: readFormats }),
};

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedMinuteOptions extends optionsOf(MODULE, ruleIn(process.env)) {}

/** @throws InvalidOptionError also for a variable of the environment that names no mode */
export function resolveMinuteOptions(options?: MinuteOptions, environment?: Environment): ResolvedMinuteOptions {
  return environment ? readOptions(MODULE, ruleIn(environment), options) : new ResolvedMinuteOptions(options);
}

function ruleIn(environment: Environment) {
  return withMode(RULES, VARIABLE, environment);
}
