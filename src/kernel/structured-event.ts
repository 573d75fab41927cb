import type { Logger } from '@nestjs/common';
import type { Clock } from './clock.js';
import { isPlain, logValue } from './log-fields.js';

export type EventLevel = 'debug' | 'info' | 'warn' | 'error';

/** One log object of the platform's dashboard. */
export interface StructuredEvent {
  readonly service: 'goalgpt-dashboard';
  /** text of `event` before its first dot */
  readonly component: string;
  readonly event: string;
  /** unix seconds */
  readonly ts: number;
  readonly level: EventLevel;
  readonly [field: string]: unknown;
}

export interface EventFields {
  /** @default 'info' */
  readonly level?: EventLevel;
  readonly [field: string]: unknown;
}

const SENSITIVE_NAME = /secret|password|token|api_key|apikey|auth/i;

/**
 * Builds the object of a structured log line. Fields (of nested objects too) whose names contain `secret`, `password`,
 * `token`, `api_key`, `apikey` or `auth` become `[REDACTED]`; control and format characters of texts are shown as `\u202e`; the five fixed fields cannot be overwritten but `level`.
 */
export function structuredEvent(event: string, fields: EventFields, clock: Clock): StructuredEvent {
  return {
    ...redact(fields),
    service: 'goalgpt-dashboard',
    component: event.split('.', 1)[0] ?? event,
    event,
    ts: Math.floor(clock.nowMs() / 1000),
    level: fields.level ?? 'info',
  };
}

const METHOD_OF = { debug: 'debug', info: 'log', warn: 'warn', error: 'error' } as const;

/** Builds the object and logs it at its level. */
export function logEvent(logger: Logger, event: string, fields: EventFields, clock: Clock): void {
  logger[METHOD_OF[fields.level ?? 'info']](structuredEvent(event, fields, clock));
}

function redact(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, SENSITIVE_NAME.test(name) ? '[REDACTED]' : nested(value)]),
  );
}

function nested(value: unknown): unknown {
  return isPlain(value) ? redact(value) : logValue(value);
}
