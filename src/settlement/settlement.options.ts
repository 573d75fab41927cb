import { type SettlementLimits } from '../domain/settlement/settlement-path.js';
import { type FeatureMode, withMode } from '../kernel/feature-mode.js';
import { optionsOf, readOptions } from '../kernel/options.js';
import { integer } from '../kernel/options-rules.js';

/** These options configure {@link SettlementModule}. */
export interface SettlementOptions {
  /**
   * What the module does at the start and at most. `off`: nobody settles; `shadow`: verdicts are worked out, kept in
   * `livescore_settlement` and compared; `on`: predictions are settled. The setting in the database changes it below that at
   * run time. `LIVESCORE_SETTLEMENT` in the environment says the same; the lower of the two holds.
   * @default LIVESCORE_SETTLEMENT, else 'off'
   */
  readonly mode?: FeatureMode;
  /** For how long a full time must stand before it is confirmed, ms, 0–86,400,000. @default 1200000, 20 minutes */
  readonly confirmAfterMs?: number;
  /** When what a match out of play left undecided is void, ms, 1,000–2,592,000,000. @default 172800000, 48 hours */
  readonly voidAfterMs?: number;
  /** How often what no commit tells is looked for: moments, late predictions, what a crash left, ms, 100–60,000. @default 2000 */
  readonly sweepMs?: number;
}

const MODULE = 'SettlementModule';
const RULES = {
  confirmAfterMs: integer({ default: 1_200_000, min: 0, max: 86_400_000, unit: 'ms' }),
  voidAfterMs: integer({ default: 172_800_000, min: 1_000, max: 2_592_000_000, unit: 'ms' }),
  sweepMs: integer({ default: 2_000, min: 100, max: 60_000, unit: 'ms' }),
};

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedSettlementOptions extends optionsOf(MODULE, ruleIn(process.env)) implements SettlementLimits {}

/** @throws InvalidOptionError also for a variable of the environment that names no mode */
export function resolveSettlementOptions(
  options?: SettlementOptions,
  environment?: Readonly<Record<string, string | undefined>>,
): ResolvedSettlementOptions {
  return environment ? readOptions(MODULE, ruleIn(environment), options) : new ResolvedSettlementOptions(options);
}

function ruleIn(environment: Readonly<Record<string, string | undefined>>) {
  return withMode(RULES, 'LIVESCORE_SETTLEMENT', environment);
}
