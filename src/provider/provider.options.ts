import { isFields } from '../kernel/fields.js';
import { type OptionPlace, optionsOf } from '../kernel/options.js';
import { kindOf } from '../kernel/options-received.js';
import { checked, derived, integer, object, text } from '../kernel/options-rules.js';

/**
 * These options configure {@link ProviderModule}: the provider's REST API. Without credentials nothing is ever asked.
 */
export interface ProviderOptions {
  /**
   * Address of the API, `https://` or `http://`, without credentials, query or fragment.
   * @default 'https://api.thesports.com/v1/football'
   */
  readonly baseUrl?: string;
  /** User name, together with `secret` or not at all. @default none: nothing is asked */
  readonly user?: string;
  /** Secret of the user. Never logged. @default none */
  readonly secret?: string;
  /**
   * Requests per second that all callers share, above 0, at most 100: those of all instances on one database, or of the process
   * where there is none.
   * @default 1
   */
  readonly requestsPerSecond?: number;
  /** Requests that may leave at once after a quiet time, 1 to 100. @default 5 */
  readonly burst?: number;
  /** Requests in any minute, of all endpoints together, 1 to 100,000. @default none */
  readonly perMinute?: number;
  /** Requests in any hour, of all endpoints together, 1 to 1,000,000. @default none */
  readonly perHour?: number;
  /**
   * Limits of single endpoints beside those of all: by the path below the base address, at most 100 of them.
   * @default none
   * @example { '/match/recent/list': { perMinute: 1 } }
   */
  readonly perEndpoint?: Readonly<Record<string, EndpointLimits>>;
  /**
   * Instances that share the budget at least, 1 to 1,000. Each takes that share when the database is away; more are taken into
   * account when they have been seen there.
   * @default 1
   */
  readonly instances?: number;
  /** Milliseconds for one request from its first byte to the last one of the answer, 100 to 120,000. @default 5_000 */
  readonly timeoutMs?: number;
  /** Milliseconds a caller waits for its turn in the budget, 0 to 600,000. @default 10_000 */
  readonly maxWaitMs?: number;
  /** Milliseconds nobody asks after the provider said "too many requests", 100 to 3,600,000. @default 60_000 */
  readonly pauseAfterLimitMs?: number;
  /** Failures in a row after which nobody asks for a while, 1 to 1,000. @default 5 */
  readonly breakerFailures?: number;
  /** Milliseconds of that while; then one request tries, 100 to 3,600,000. @default 30_000 */
  readonly breakerOpenMs?: number;
  /** Bytes of the largest answer that is read, uncompressed, 1,024 to 268,435,456. @default 33_554_432 */
  readonly maxBodyBytes?: number;
}

/** What one endpoint allows. */
export interface EndpointLimits {
  /** Requests in any minute, 1 to 100,000. @default none */
  readonly perMinute?: number;
  /** Requests in any hour, 1 to 1,000,000. @default none */
  readonly perHour?: number;
}

export interface ProviderCredentials {
  readonly user: string;
  readonly secret: string;
}

const DEFAULT_URL = 'https://api.thesports.com/v1/football';
const MOST_ENDPOINTS = 100;
const ENDPOINT = /^(?:\/[\w-]+)+$/;
const milliseconds = (fallback: number, min: number, max: number) =>
  integer({ default: fallback, min, max, unit: 'ms' });

const isCount = (most: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
const windows = {
  perMinute: checked<number | undefined>('an integer from 1 to 100000 requests', isCount(100_000), undefined),
  perHour: checked<number | undefined>('an integer from 1 to 1000000 requests', isCount(1_000_000), undefined),
};

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedProviderOptions extends optionsOf(
  'ProviderModule',
  derived(
    object({
      baseUrl,
      user: text(undefined),
      secret: text(undefined),
      requestsPerSecond: checked('a number above 0, at most 100', isRate, 1),
      burst: integer({ default: 5, min: 1, max: 100, unit: 'requests' }),
      ...windows,
      perEndpoint,
      instances: integer({ default: 1, min: 1, max: 1_000 }),
      timeoutMs: milliseconds(5_000, 100, 120_000),
      maxWaitMs: milliseconds(10_000, 0, 600_000),
      pauseAfterLimitMs: milliseconds(60_000, 100, 3_600_000),
      breakerFailures: integer({ default: 5, min: 1, max: 1_000 }),
      breakerOpenMs: milliseconds(30_000, 100, 3_600_000),
      maxBodyBytes: integer({ default: 33_554_432, min: 1_024, max: 268_435_456, unit: 'bytes' }),
    }),
    ({ user, secret, ...others }, place) => ({ ...others, credentials: credentials(user, secret, place) }),
  ),
) {}

/** @throws InvalidOptionError; it never repeats the address or the credentials */
export function resolveProviderOptions(options?: ProviderOptions): ResolvedProviderOptions {
  return new ResolvedProviderOptions(options);
}

/** Without a slash at its end. The address may hold a secret by mistake: what is wrong with it is told without it. */
function baseUrl(value: unknown = DEFAULT_URL, place: OptionPlace): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain) return url.href.replace(/\/+$/, '');
  const received = url ? `an address of ${url.protocol}//${url.host}` : kindOf(value);
  place.refuse('an http:// or https:// address without credentials, query and fragment', value, received);
  return DEFAULT_URL;
}

/** The limits of each endpoint; what the host gave is copied. */
function perEndpoint(value: unknown = {}, place: OptionPlace): Readonly<Record<string, EndpointLimits>> {
  const entries = isFields(value) ? Object.entries(value) : null;
  if (entries === null || entries.length > MOST_ENDPOINTS) {
    place.refuse(`an object with the limits of at most ${MOST_ENDPOINTS} endpoints`, value, kindOf(value));
    return {};
  }
  const read = entries.map(([endpoint, limits]) => {
    const inside = place.inside(endpoint);
    if (!ENDPOINT.test(endpoint)) inside.refuse('named by a path like "/match/recent/list"', endpoint, kindOf(limits));
    return [endpoint, object(windows)(limits, inside)] as const;
  });
  return Object.fromEntries(read);
}

/** null: disabled */
function credentials(user: string | undefined, secret: string | undefined, place: OptionPlace) {
  if (user !== undefined && secret !== undefined) return { user, secret } satisfies ProviderCredentials;
  if (user !== undefined) place.inside('secret').refuse('set, because "user" is', secret);
  if (secret !== undefined) place.inside('user').refuse('set, because "secret" is', user);
  return null;
}

function isRate(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= 100;
}
