import { type OptionRule, optionsOf } from '../kernel/options.js';
import { checked, integer, object } from '../kernel/options-rules.js';
import type { HostCheck } from './adapters/terminus/terminus-adapter.js';

export type HostCheckList = Readonly<Record<string, HostCheck>>;

/** These options configure {@link LiveScoreTerminusModule}. */
export interface LiveScoreTerminusOptions {
  /**
   * The host's own checks by name, 1–64 characters of letters, digits, `.`, `_` and `-`: `GET /ready` runs them beside the package's, and
   * says of each whether it is up. @default none
   */
  readonly checks?: HostCheckList;
  /** Longest wait for one of them in ms, 50–10,000: one that is later is down. @default 1000 */
  readonly checkTimeoutMs?: number;
}

const NAME = /^[\w.-]{1,64}$/;
const checks: OptionRule<HostCheckList> = checked<HostCheckList>(
  'an object of functions, each under a short name',
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, check]) => NAME.test(name) && typeof check === 'function'),
  {},
);

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedTerminusOptions extends optionsOf(
  'LiveScoreTerminusModule',
  object({ checks, checkTimeoutMs: integer({ default: 1_000, min: 50, max: 10_000, unit: 'ms' }) }),
) {}

/** @throws InvalidOptionError */
export function resolveTerminusOptions(options?: LiveScoreTerminusOptions): ResolvedTerminusOptions {
  return new ResolvedTerminusOptions(options);
}
