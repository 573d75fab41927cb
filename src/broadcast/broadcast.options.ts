import { optionsOf } from '../kernel/options.js';
import { checked, derived, integer, object } from '../kernel/options-rules.js';
import { isAddressOrNetwork } from './address-list.js';

/** Options of {@link BroadcastModule}. The bounds hold before anything that a client sends is parsed. */
export interface BroadcastOptions {
  /**
   * Path of the WebSocket endpoint, exact but for one `/` at its end, without query; not moved by the host's global prefix.
   * @default '/ws'
   */
  readonly path?: string;
  /** Milliseconds between two PING frames to every client, 10–60,000. @default 15000 */
  readonly pingIntervalMs?: number;
  /** Bytes a client may leave unread before it is cut off, 1,024–67,108,864. @default 1048576 */
  readonly maxBufferedBytes?: number;
  /**
   * Bytes all clients together may leave unread, at least `maxBufferedBytes`, at most 4,294,967,296; beyond them those
   * with the most are cut off first. @default 67108864, or `maxBufferedBytes` where that is more
   */
  readonly maxBufferedBytesTotal?: number;
  /**
   * Sockets of this process, 1–100,000: every one that asked for the endpoint, from its request until it is closed. More
   * are refused with HTTP 503. @default 10000
   */
  readonly maxClients?: number;
  /**
   * Sockets of one client address (IPv6: one /64), 1–100,000; more are refused with HTTP 429. Loopback and private addresses
   * are not bounded while `trustedProxies` is empty. @default 200
   */
  readonly maxClientsPerAddress?: number;
  /**
   * Addresses and networks of the proxies in front of the host, as `192.0.2.5` or `10.0.0.0/8`: a client that comes through them
   * is counted under the address that they add to `X-Forwarded-For`. @default none
   */
  readonly trustedProxies?: readonly string[];
  /** Clients that may connect in a second, 1–100,000, and four times as many at once; more get HTTP 503 with `Retry-After`. @default 500 */
  readonly handshakesPerSecond?: number;
  /** The same of one address, 1–100,000, beside a first burst of `maxClientsPerAddress`; more get HTTP 429. @default 10 */
  readonly handshakesPerSecondPerAddress?: number;
  /**
   * Frames a client may send in a second, 1–10,000, those of the protocol (ping, pong, fragments) included; twenty
   * seconds' worth may come at once, and an address may send twenty times as much. A client that sends more is not read from for
   * a second; one that goes on is closed with code 1008. Existing clients need one in 10 s. @default 2
   */
  readonly messagesPerSecond?: number;
  /**
   * Bytes a client may send in a second, 64–16,777,216; bounded as its frames are, and two messages of `maxMessageBytes` may
   * always come at once. @default 1024
   */
  readonly bytesPerSecond?: number;
  /** Longest message a client may send, bytes, 64–1,048,576; a longer one closes it with code 1009. @default 4096 */
  readonly maxMessageBytes?: number;
  /** Milliseconds clients get to answer the close frame, at shutdown and before, 0–30,000. @default 2000 */
  readonly closeTimeoutMs?: number;
}

const DEFAULT_TOTAL_BYTES = 67_108_864;
const MOST_TOTAL_BYTES = 4_294_967_296;
const NO_PROXIES: readonly string[] = [];

const RULES = object({
  path: checked('a path that starts with "/" and has no query', isPath, '/ws'),
  pingIntervalMs: integer({ default: 15_000, min: 10, max: 60_000, unit: 'ms' }),
  maxBufferedBytes: integer({ default: 1_048_576, min: 1_024, max: 67_108_864, unit: 'bytes' }),
  maxBufferedBytesTotal: checked<number | undefined>(
    `an integer from 1024 to ${MOST_TOTAL_BYTES} bytes`,
    (value) => Number.isInteger(value) && Number(value) >= 1_024 && Number(value) <= MOST_TOTAL_BYTES,
    undefined,
  ),
  maxClients: integer({ default: 10_000, min: 1, max: 100_000 }),
  maxClientsPerAddress: integer({ default: 200, min: 1, max: 100_000 }),
  trustedProxies: checked('a list of addresses and networks, as 192.0.2.5 or 10.0.0.0/8', isProxyList, NO_PROXIES),
  handshakesPerSecond: integer({ default: 500, min: 1, max: 100_000 }),
  handshakesPerSecondPerAddress: integer({ default: 10, min: 1, max: 100_000 }),
  messagesPerSecond: integer({ default: 2, min: 1, max: 10_000 }),
  bytesPerSecond: integer({ default: 1_024, min: 64, max: 16_777_216, unit: 'bytes' }),
  maxMessageBytes: integer({ default: 4_096, min: 64, max: 1_048_576, unit: 'bytes' }),
  closeTimeoutMs: integer({ default: 2_000, min: 0, max: 30_000, unit: 'ms' }),
});

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedBroadcastOptions extends optionsOf(
  'BroadcastModule',
  derived(RULES, (options, place) => {
    const { maxBufferedBytes, maxBufferedBytesTotal = Math.max(DEFAULT_TOTAL_BYTES, maxBufferedBytes) } = options;
    if (maxBufferedBytesTotal < maxBufferedBytes)
      place.inside('maxBufferedBytesTotal').refuse('at least "maxBufferedBytes"', maxBufferedBytesTotal);
    return { ...options, maxBufferedBytesTotal };
  }),
) {}

/** @throws InvalidOptionError */
export function resolveBroadcastOptions(options?: BroadcastOptions): ResolvedBroadcastOptions {
  return new ResolvedBroadcastOptions(options);
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && /^\/[^?#\s]*$/.test(value);
}

function isProxyList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isAddressOrNetwork);
}
