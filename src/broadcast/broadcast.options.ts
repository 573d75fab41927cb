import { optionsOf } from '../kernel/options.js';
import { checked, derived, flag, integer, object, oneOf } from '../kernel/options-rules.js';
import { isAddressOrNetwork } from './address-list.js';
import { type BroadcastEnhancers, ENHANCERS_RULE } from './enhancers.options.js';
import {
  CENTRIFUGO_RULE,
  type CentrifugoOptions,
  REDIS_RULE,
  type RedisBusOptions,
} from './other-instances.options.js';

export type { BroadcastEnhancers, CentrifugoOptions, RedisBusOptions };

/** These options configure {@link BroadcastModule}. The bounds hold before anything that a client sends is parsed. */
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
  /** Longest message a client may send, bytes, 64–1,048,576; a longer one closes it with code 1009. @default 16384 */
  readonly maxMessageBytes?: number;
  /** Milliseconds clients get to answer the close frame, at shutdown and before, 0–30,000. @default 2000 */
  readonly closeTimeoutMs?: number;
  /**
   * Where this process hears of commits: `both` commits itself while it holds the lease, and serves clients; `gateway` only
   * serves: it hears of commits by the bus and the journal. @default 'both'
   */
  readonly role?: 'both' | 'gateway';
  /**
   * Serves clients that say nothing: every frame of the first protocol. Without it they get nothing until they subscribe, and
   * only clients of protocol 2 are served. @default true
   */
  readonly legacyFrames?: boolean;
  /**
   * Bytes a client of protocol 2 may leave unread before it gets only the newest state of each match, 1,024 to
   * `maxBufferedBytes`, whose bound holds for it, too. @default 65536, or `maxBufferedBytes` where that is less
   */
  readonly conflateBeyondBytes?: number;
  /** Matches and competitions that a client may name in its subscriptions, 1–10,000. @default 500 */
  readonly maxSubscriptions?: number;
  /**
   * Origins that browsers may connect from, as `https://example.org`; a request that names another one gets HTTP 403, one that
   * names none passes, for it comes from no browser. @default every origin
   */
  readonly origins?: readonly string[];
  /** Serves clients without identity where a `ClientAuthenticator` is bound. @default true */
  readonly anonymous?: boolean;
  /** Milliseconds that the `ClientAuthenticator` gets, 10–30,000. @default 3000 */
  readonly authTimeoutMs?: number;
  /**
   * Guards, pipes, interceptors and filters of Nest around every message of protocol 2 but PING: classes, which are made by the
   * host's container, or instances. @default none
   */
  readonly enhancers?: BroadcastEnhancers;
  /** Runs the host's global enhancers around them, too. They must know the context type `ws`. @default false */
  readonly globalEnhancers?: boolean;
  /** Matches that are kept in memory, 10–100,000; those unchanged for longest give way. @default 5000 */
  readonly maxMatches?: number;
  /** Versions of each match that are kept in memory for `replay`, 0–1,000; older ones are read from the journal. @default 32 */
  readonly replayVersions?: number;
  /** A match counts as current for so long after its last change, live or not; milliseconds, 60,000–86,400,000. @default 10800000 */
  readonly currentForMs?: number;
  /**
   * Milliseconds between two looks at the newest rows of the journal while this process hears of commits by it alone, 20–10,000.
   * @default 200
   */
  readonly journalPollMs?: number;
  /** Tells other instances by Redis pub/sub; needs the package `redis`. @default none: only this process is told */
  readonly redis?: RedisBusOptions;
  /** Publishes to Centrifugo, too, over its HTTP API. @default none */
  readonly centrifugo?: CentrifugoOptions;
  /** Milliseconds that a reader of `/live` may wait for news, 0–60,000. @default 20000 */
  readonly longPollMs?: number;
}

const DEFAULT_TOTAL_BYTES = 67_108_864;
const MOST_TOTAL_BYTES = 4_294_967_296;
const DEFAULT_CONFLATION_BYTES = 65_536;
const MOST_BUFFERED_BYTES = 67_108_864;
const NO_PROXIES: readonly string[] = [];

const RULES = object({
  path: checked('a path that starts with "/" and has no query', isPath, '/ws'),
  pingIntervalMs: integer({ default: 15_000, min: 10, max: 60_000, unit: 'ms' }),
  maxBufferedBytes: integer({ default: 1_048_576, min: 1_024, max: MOST_BUFFERED_BYTES, unit: 'bytes' }),
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
  maxMessageBytes: integer({ default: 16_384, min: 64, max: 1_048_576, unit: 'bytes' }),
  closeTimeoutMs: integer({ default: 2_000, min: 0, max: 30_000, unit: 'ms' }),
  role: oneOf(['both', 'gateway'], 'both'),
  legacyFrames: flag(true),
  conflateBeyondBytes: checked<number | undefined>(
    `an integer from 1024 to ${MOST_BUFFERED_BYTES} bytes`,
    (value) => Number.isInteger(value) && Number(value) >= 1_024 && Number(value) <= MOST_BUFFERED_BYTES,
    undefined,
  ),
  maxSubscriptions: integer({ default: 500, min: 1, max: 10_000 }),
  origins: checked<readonly string[] | undefined>('a list of origins, as https://example.org', isOriginList, undefined),
  anonymous: flag(true),
  authTimeoutMs: integer({ default: 3_000, min: 10, max: 30_000, unit: 'ms' }),
  enhancers: ENHANCERS_RULE,
  globalEnhancers: flag(false),
  maxMatches: integer({ default: 5_000, min: 10, max: 100_000 }),
  replayVersions: integer({ default: 32, min: 0, max: 1_000 }),
  currentForMs: integer({ default: 10_800_000, min: 60_000, max: 86_400_000, unit: 'ms' }),
  journalPollMs: integer({ default: 200, min: 20, max: 10_000, unit: 'ms' }),
  redis: REDIS_RULE,
  centrifugo: CENTRIFUGO_RULE,
  longPollMs: integer({ default: 20_000, min: 0, max: 60_000, unit: 'ms' }),
});

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedBroadcastOptions extends optionsOf(
  'BroadcastModule',
  derived(RULES, (options, place) => {
    const { maxBufferedBytes, maxBufferedBytesTotal = Math.max(DEFAULT_TOTAL_BYTES, maxBufferedBytes) } = options;
    const { conflateBeyondBytes = Math.min(DEFAULT_CONFLATION_BYTES, maxBufferedBytes) } = options;
    if (maxBufferedBytesTotal < maxBufferedBytes)
      place.inside('maxBufferedBytesTotal').refuse('at least "maxBufferedBytes"', maxBufferedBytesTotal);
    if (conflateBeyondBytes > maxBufferedBytes)
      place.inside('conflateBeyondBytes').refuse('at most "maxBufferedBytes"', conflateBeyondBytes);
    return { ...options, maxBufferedBytesTotal, conflateBeyondBytes };
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

/** What a browser may send in `Origin`. An app's own scheme is an origin, too, as capacitor://localhost. */
function isOrigin(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[a-z][a-z\d+.-]*:\/\/[^/?#@\s]+$/.test(value) || !URL.canParse(value))
    return false;
  const { protocol, origin } = new URL(value);
  return protocol === 'http:' || protocol === 'https:' ? origin === value : true;
}

function isOriginList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isOrigin);
}
