import { InvalidOptionError } from '../kernel/livescore.errors.js';
import type { ExplainOptions } from './explain.options.js';

/** Options of {@link HealthModule}. */
export interface HealthOptions extends ExplainOptions {
  /** Value of `service` in the answer, not blank. @default 'goalgpt-server' */
  readonly service?: string;
  /** Value of `commit` in the answer: the release that runs. @default 'unknown' */
  readonly commit?: string;
}

export type ResolvedHealthOptions = Required<Omit<HealthOptions, keyof ExplainOptions>>;

/** What changes the module's routes. */
export interface HealthExtras {
  /** `false`: no routes at all, explain included; the host answers from {@link HealthReport} itself. @default true */
  readonly controller?: boolean;
  /** `true`: also `GET /metrics`, Prometheus text of the package's own registry. @default false */
  readonly metrics?: boolean;
}

/** @throws {@link InvalidOptionError} */
export function resolveHealthOptions(options: HealthOptions = {}): ResolvedHealthOptions {
  return {
    service: notBlank('service', options.service, 'goalgpt-server'),
    commit: notBlank('commit', options.commit, 'unknown'),
  };
}

function notBlank(option: string, value: unknown, fallback: string): string {
  if (value === undefined) return fallback;
  if (typeof value !== 'string' || value.trim() === '') {
    throw new InvalidOptionError('HealthModule', option, 'a text that is not blank', value);
  }
  return value;
}
