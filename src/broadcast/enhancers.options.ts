import { checked, object } from '../kernel/options-rules.js';

/** Guards, pipes, interceptors and filters: each a class, which the host's container makes, or an instance. */
export interface BroadcastEnhancers {
  /** Guards: each says whether a message is handled at all. @default none */
  readonly guards?: readonly unknown[];
  /** Pipes: each changes or refuses what a message says. @default none */
  readonly pipes?: readonly unknown[];
  /** Interceptors: each stands around the handling of a message. @default none */
  readonly interceptors?: readonly unknown[];
  /** Filters: each answers an error of the others. @default none */
  readonly filters?: readonly unknown[];
}

/** The method that makes an object one of its kind. */
export const ENHANCER_METHODS = {
  guards: 'canActivate',
  pipes: 'transform',
  interceptors: 'intercept',
  filters: 'catch',
} as const satisfies Record<keyof BroadcastEnhancers, string>;

/** An object without that method is refused here: Nest would leave it out in silence, and a guard with it. */
function listOf(method: string) {
  const fits = (value: unknown) =>
    typeof value === 'function' || (typeof value === 'object' && value !== null && isFunction(value, method));
  return checked<readonly unknown[]>(
    `a list of classes and of objects with a method "${method}"`,
    (value) => Array.isArray(value) && value.every(fits),
    [],
  );
}

function isFunction(value: object, method: string): boolean {
  return typeof (value as Readonly<Record<string, unknown>>)[method] === 'function';
}

export const ENHANCERS_RULE = object({
  guards: listOf(ENHANCER_METHODS.guards),
  pipes: listOf(ENHANCER_METHODS.pipes),
  interceptors: listOf(ENHANCER_METHODS.interceptors),
  filters: listOf(ENHANCER_METHODS.filters),
});
