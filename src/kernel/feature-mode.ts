import { type OptionRule, type OptionRules, type OptionValues } from './options.js';
import { checked, derived, object } from './options-rules.js';

/** `off`: the feature does nothing; `shadow`: it works things out and compares; `on`: it writes. */
export const FEATURE_MODES = ['off', 'shadow', 'on'] as const;
export type FeatureMode = (typeof FEATURE_MODES)[number];

const MODE: OptionRule<FeatureMode | undefined> = checked(
  FEATURE_MODES.map((mode) => JSON.stringify(mode)).join(' or '),
  (value) => FEATURE_MODES.includes(value as FeatureMode),
  undefined,
);

export function lowerMode(a: FeatureMode, b: FeatureMode): FeatureMode {
  return FEATURE_MODES.indexOf(a) < FEATURE_MODES.indexOf(b) ? a : b;
}

/** The mode in force: the one that is set at run time, where it is one, and never above what the host allows. */
export function modeInForce(set: string | null, allowed: FeatureMode): FeatureMode {
  return lowerMode(FEATURE_MODES.find((mode) => mode === set) ?? allowed, allowed);
}

/**
 * The options of a feature that has a mode: the lower one of its option and its variable in the environment, `off` where
 * neither says one.
 */
export function withMode<Rules extends OptionRules>(
  rules: Rules,
  variable: string,
  environment: Readonly<Record<string, string | undefined>>,
): OptionRule<OptionValues<Rules> & { readonly mode: FeatureMode }> {
  return derived(object({ ...rules, mode: MODE }), (options, place) => {
    const { mode: given, ...others } = options as OptionValues<Rules> & { readonly mode: FeatureMode | undefined };
    const word = environment[variable]?.trim().toLowerCase() || undefined;
    const allowed = MODE(word, place.inside(variable));
    const mode = lowerMode(given ?? allowed ?? 'off', allowed ?? given ?? 'off');
    return { ...(others as unknown as OptionValues<Rules>), mode };
  });
}
