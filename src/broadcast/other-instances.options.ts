import type { OptionRule } from '../kernel/options.js';
import { kindOf } from '../kernel/options-received.js';
import { integer, object, text } from '../kernel/options-rules.js';
import { isAddress } from '../kernel/service-address.js';

/** Redis pub/sub between the instances of one host. */
export interface RedisBusOptions {
  /** `redis://` or `rediss://`, as `redis://user:password@host:6379/0`. Never logged. */
  readonly url: string;
  /** Channel of the instances that belong together, 1–128 characters. @default 'livescore' */
  readonly channel?: string;
}

/** The HTTP API of a Centrifugo server. */
export interface CentrifugoOptions {
  /** Its address, as `http://127.0.0.1:8000/api`. Never logged. */
  readonly url: string;
  /** Its API key. Never logged. */
  readonly apiKey: string;
  /** What stands before the match id in the name of a channel, 1–64 characters. @default 'match:' */
  readonly channelPrefix?: string;
  /** Channel of all matches, 1–128 characters. @default 'live' */
  readonly allChannel?: string;
  /** Milliseconds that one request may take, 100–30,000. @default 2000 */
  readonly timeoutMs?: number;
}

/** A text that must be there and is never shown. */
function secret(expected: string, accepts: (value: string) => boolean): OptionRule<string> {
  return (value, place) => {
    if (typeof value === 'string' && accepts(value)) return value;
    place.refuse(expected, value, value === undefined ? 'nothing' : kindOf(value));
    return '';
  };
}

function optional<Value>(rule: OptionRule<Value>): OptionRule<Value | undefined> {
  return (value, place) => (value === undefined ? undefined : rule(value, place));
}

export const REDIS_RULE = optional(
  object({
    url: secret('an address like redis://user:password@host:6379/0', (value) => isAddress('Redis', value)),
    channel: text('livescore', 128),
  }),
);

export const CENTRIFUGO_RULE = optional(
  object({
    url: secret(
      'an address like http://127.0.0.1:8000/api',
      (value) => /^https?:/.test(value) && isAddress('host', value),
    ),
    apiKey: secret('a text of printable characters without spaces', (value) => /^[!-~]{1,512}$/.test(value)),
    channelPrefix: text('match:', 64),
    allChannel: text('live', 128),
    timeoutMs: integer({ default: 2_000, min: 100, max: 30_000, unit: 'ms' }),
  }),
);
