import { closestName } from './closest-name.js';
import type { OptionPlace, OptionRule, OptionRules, OptionValues } from './options.js';
import { kindOf } from './options-received.js';

interface Range {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** as it stands behind a number */
  readonly unit?: string;
}

/** A value that a test accepts; a missing one becomes the fallback. */
export function checked<Value>(
  expected: string,
  accepts: (value: unknown) => boolean,
  fallback: Value,
): OptionRule<Value> {
  return (value, place) => {
    if (value === undefined) return fallback;
    if (accepts(value)) return value as Value;
    place.refuse(expected, value);
    // what is derived from it meanwhile finds a value of the right kind
    return fallback;
  };
}

export function integer({ min, max, unit, default: fallback }: Range): OptionRule<number> {
  const accepts = (value: unknown) => Number.isInteger(value) && isWithin(value, min, max);
  return checked(`an integer from ${min} to ${max}${unit ? ` ${unit}` : ''}`, accepts, fallback);
}

export function number({ min, max, unit, default: fallback }: Range): OptionRule<number> {
  const expected = `a number from ${min} to ${max}${unit ? ` ${unit}` : ''}`;
  return checked(expected, (value) => isWithin(value, min, max), fallback);
}

export function flag(fallback: boolean): OptionRule<boolean> {
  return checked('true or false', (value) => typeof value === 'boolean', fallback);
}

export function oneOf<const Choice extends string | number, Fallback extends Choice | undefined>(
  choices: readonly Choice[],
  fallback: Fallback,
): OptionRule<Choice | Fallback> {
  const expected = choices.map((choice) => JSON.stringify(choice)).join(' or ');
  return checked<Choice | Fallback>(expected, (value) => choices.includes(value as Choice), fallback);
}

/** A text that is not blank. */
export function text<Fallback extends string | undefined>(
  fallback: Fallback,
  longest = Number.POSITIVE_INFINITY,
): OptionRule<string | Fallback> {
  const expected = Number.isFinite(longest) ? `a text of 1 to ${longest} characters` : 'a text that is not blank';
  const accepts = (value: unknown) => typeof value === 'string' && value.trim() !== '' && value.length <= longest;
  return checked<string | Fallback>(expected, accepts, fallback);
}

/** An object whose options have a rule each; a missing one is empty, and other names are refused. */
export function object<Rules extends OptionRules>(rules: Rules): OptionRule<OptionValues<Rules>> {
  return (value = {}, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      place.refuse('an object', value, kindOf(value));
      return object(rules)({}, place);
    }
    const given = value as Readonly<Record<string, unknown>>;
    refuseUnknown(given, Object.keys(rules), place);
    const read = Object.entries(rules).map(([name, rule]) => [name, rule(given[name], place.inside(name))]);
    return Object.fromEntries(read);
  };
}

/** A rule whose value is worked out further; what does not fit together is told to the place. */
export function derived<Value, Result>(
  rule: OptionRule<Value>,
  derive: (value: Value, place: OptionPlace) => Result,
): OptionRule<Result> {
  return (value, place) => derive(rule(value, place), place);
}

function refuseUnknown(given: object, known: readonly string[], place: OptionPlace): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const closest = closestName(name, known);
    const hint = closest ? `; did you mean "${closest}"?` : '';
    // a secret under a wrong name is one, too
    const value = (given as Readonly<Record<string, unknown>>)[name];
    place.inside(name).refuse(`left out, there is no such option${hint}`, value, kindOf(value));
  }
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}
