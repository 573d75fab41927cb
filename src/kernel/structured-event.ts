import { inspect } from 'node:util';
import { isPlain, logField } from './log-fields.js';
import { escaped } from './printable.js';
import { withoutSecrets } from './told-error.js';

export type EventLevel = 'debug' | 'info' | 'warn' | 'error';

export interface EventFields {
  /** @default 'info' */
  readonly level?: EventLevel;
  readonly [field: string]: unknown;
}

const SENSITIVE_NAME = /secret|password|token|api_key|apikey|auth/i;

/** Fields that stand in the line itself, or say what the line's own place says. */
const IN_FRONT = new Set(['service', 'component', 'event', 'ts', 'level']);

/**
 * One log object of the platform's dashboard. Its own fields are those of the event: structured loggers take it as it is.
 * Who prints it as text shows it in one line of JSON.
 */
export class StructuredEvent {
  readonly service!: string;
  /** text of `event` before its first dot */
  readonly component!: string;
  readonly event!: string;
  /** unix seconds */
  readonly ts!: number;
  readonly level!: EventLevel;
  readonly [field: string]: unknown;

  /**
   * Fields (of nested objects too) whose names contain `secret`, `password`, `token`, `api_key`, `apikey` or `auth` become
   * `[REDACTED]`; control and format characters of texts are shown as `\u202e`; the five fixed fields cannot be overwritten but `level`.
   * @param nowMs unix time of the event
   */
  constructor(service: string, event: string, fields: EventFields, nowMs: number) {
    Object.assign(this, redact(fields), {
      service,
      component: event.split('.', 1)[0] ?? event,
      event,
      ts: Math.floor(nowMs / 1000),
      level: fields.level ?? 'info',
    });
  }

  static {
    Object.defineProperty(StructuredEvent.prototype, inspect.custom, { value: jsonOf });
  }
}

/** The event in one line of JSON: `{"matchId":"…","service":"…","event":"…",…}`. */
export function jsonLine(event: StructuredEvent): string {
  return jsonOf.call(event);
}

/** The event in one line of words: `mqtt.direct_write.success matchId=m1 score=1-0`; texts with spaces in quotes. */
export function textLine(event: StructuredEvent): string {
  const fields = Object.entries(event).filter(([name]) => !IN_FRONT.has(name));
  return [event.event, ...fields.map(([name, value]) => `${name}=${word(value)}`)].join(' ');
}

function jsonOf(this: StructuredEvent): string {
  return JSON.stringify(this, asJson);
}

function word(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"'=]+$/.test(value)) return value;
  return JSON.stringify(value, asJson) ?? 'null';
}

/** What JSON would refuse or leave out still has a word for the line. */
function asJson(_name: string, value: unknown): unknown {
  if (value instanceof Error) return escaped(value.message);
  return typeof value === 'bigint' ? String(value) : value;
}

function redact(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      SENSITIVE_NAME.test(name) ? '[REDACTED]' : nested(name, value),
    ]),
  );
}

function nested(name: string, value: unknown): unknown {
  if (value instanceof Error) return logField(name, withoutSecrets(value.message));
  return isPlain(value) ? redact(value) : logField(name, value);
}
