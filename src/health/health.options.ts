import { type OptionRule, optionsOf } from '../kernel/options.js';
import { flag, object, text } from '../kernel/options-rules.js';
import { type RouteOptions, routePaths } from './route-paths.js';

/** These options configure {@link HealthModule}. */
export interface HealthOptions {
  /** Value of `service` in the answer, not blank. @default 'goalgpt-server' */
  readonly service?: string;
  /** Value of `commit` in the answer: the release that runs, not blank. @default 'unknown' */
  readonly commit?: string;
  /**
   * Value of the header `X-Internal-Secret` that lets a caller ask why, not blank; `LIVESCORE_INTERNAL_SECRET` for the command.
   * @default only the key that the process keeps in `livescore_host`
   */
  readonly internalSecret?: string;
  /** Path of each route, or `false` for none. @default the paths in docs/health.md */
  readonly routes?: RouteOptions;
  /**
   * Tells the process manager by `process.send('ready')` when this process can serve.
   * @default true under PM2, else false
   */
  readonly readySignal?: boolean;
}

/** PM2 numbers its processes in `pm_id`. Read when the options are, not when the module is loaded. */
const underPm2: OptionRule<boolean> = (value, place) => flag(process.env.pm_id !== undefined)(value, place);

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedHealthOptions extends optionsOf(
  'HealthModule',
  object({
    service: text('goalgpt-server'),
    commit: text('unknown'),
    internalSecret: text(undefined),
    routes: routePaths,
    readySignal: underPm2,
  }),
) {}

/** What changes the module's routes. */
export interface HealthExtras {
  /** `false`: no routes at all, explain included; the host answers from {@link HealthReport} itself. @default true */
  readonly controller?: boolean;
  /** `true`: also `GET /metrics`, Prometheus text of the package's own registry. @default false */
  readonly metrics?: boolean;
}

/** @throws InvalidOptionError */
export function resolveHealthOptions(options?: HealthOptions): ResolvedHealthOptions {
  return new ResolvedHealthOptions(options);
}
