import { optionsOf } from '../kernel/options.js';
import { object, oneOf } from '../kernel/options-rules.js';

/** The options say which changes {@link TracingModule} makes a trace of. */
export interface TracingOptions {
  /** `goals`: changes with a goal, or one that is taken back; `all`: every change of score or state, and incidents. @default 'goals' */
  readonly changes?: 'goals' | 'all';
}

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedTracingOptions extends optionsOf(
  'TracingModule',
  object({ changes: oneOf(['goals', 'all'], 'goals') }),
) {}

/** @throws InvalidOptionError */
export function resolveTracingOptions(options?: TracingOptions): ResolvedTracingOptions {
  return new ResolvedTracingOptions(options);
}
