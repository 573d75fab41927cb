import { InvalidOptionError } from '../kernel/livescore.errors.js';

/** Options of {@link ProviderModule}: the provider's REST API. Without credentials nothing is ever asked. */
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
  /** Requests per second that all callers of the process share, above 0, at most 100. @default 1 */
  readonly requestsPerSecond?: number;
  /** Requests that may leave at once after a quiet time, 1 to 100. @default 5 */
  readonly burst?: number;
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

export interface ProviderCredentials {
  readonly user: string;
  readonly secret: string;
}

export interface ResolvedProviderOptions extends Required<Omit<ProviderOptions, 'user' | 'secret'>> {
  /** without a slash at its end */
  readonly baseUrl: string;
  /** null: disabled */
  readonly credentials: ProviderCredentials | null;
}

const MODULE = 'ProviderModule';
const DEFAULT_URL = 'https://api.thesports.com/v1/football';

/** @throws {@link InvalidOptionError}; it never repeats the address or the credentials */
export function resolveProviderOptions(options: ProviderOptions = {}): ResolvedProviderOptions {
  return {
    baseUrl: baseUrl(options.baseUrl ?? DEFAULT_URL),
    credentials: credentials(options),
    requestsPerSecond: rate(options.requestsPerSecond ?? 1),
    burst: whole('burst', options.burst ?? 5, 1, 100),
    timeoutMs: whole('timeoutMs', options.timeoutMs ?? 5_000, 100, 120_000),
    maxWaitMs: whole('maxWaitMs', options.maxWaitMs ?? 10_000, 0, 600_000),
    pauseAfterLimitMs: whole('pauseAfterLimitMs', options.pauseAfterLimitMs ?? 60_000, 100, 3_600_000),
    breakerFailures: whole('breakerFailures', options.breakerFailures ?? 5, 1, 1_000),
    breakerOpenMs: whole('breakerOpenMs', options.breakerOpenMs ?? 30_000, 100, 3_600_000),
    maxBodyBytes: whole('maxBodyBytes', options.maxBodyBytes ?? 33_554_432, 1_024, 268_435_456),
  };
}

/** The address may hold a secret by mistake: what is wrong with it is told without it. */
function baseUrl(value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain) return url.href.replace(/\/+$/, '');
  const expected = 'an http:// or https:// address without credentials, query and fragment';
  throw new InvalidOptionError(MODULE, 'baseUrl', expected, describeAddress(url, value));
}

function describeAddress(url: URL | null, value: unknown): string {
  return url ? `an address of ${url.protocol}//${url.host}` : typeof value;
}

function credentials({ user, secret }: ProviderOptions): ProviderCredentials | null {
  if (user === undefined && secret === undefined) return null;
  return { user: text('user', user, 'secret'), secret: text('secret', secret, 'user') };
}

function text(option: 'user' | 'secret', value: unknown, other: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  if (value === undefined) throw new InvalidOptionError(MODULE, option, `set, because "${other}" is`, undefined);
  throw new InvalidOptionError(MODULE, option, 'a text that is not blank', typeof value);
}

function rate(value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= 100) return value;
  throw new InvalidOptionError(MODULE, 'requestsPerSecond', 'a number above 0, at most 100', value);
}

function whole(option: keyof ProviderOptions, value: unknown, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw new InvalidOptionError(MODULE, option, `a whole number from ${min} to ${max}`, value);
}
