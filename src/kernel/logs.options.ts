import { optionsOf } from './options.js';
import { object, oneOf, text } from './options-rules.js';

export type LogFormat = 'object' | 'json' | 'text';

/** Options of {@link LogsModule}. */
export interface LogsOptions {
  /**
   * Value of `service` in every event, not blank.
   * @default `health.service` where the host sets it, else 'goalgpt-dashboard'
   */
  readonly service?: string;
  /**
   * What the logger is given for an event. `object`: the object, which structured loggers (pino, winston, Nest's
   * `ConsoleLogger` with `json: true`) take as it is, and which prints as one line of JSON elsewhere. `json`: that line as a
   * text. `text`: `event name=value …`, a text for people. @default 'object'
   */
  readonly format?: LogFormat;
}

/** All set. Also the injection token of the resolved options. */
export class ResolvedLogsOptions extends optionsOf(
  'LogsModule',
  object({
    service: text('goalgpt-dashboard'),
    format: oneOf(['object', 'json', 'text'], 'object'),
  }),
) {}

/** @throws InvalidOptionError */
export function resolveLogsOptions(options?: LogsOptions): ResolvedLogsOptions {
  return new ResolvedLogsOptions(options);
}
