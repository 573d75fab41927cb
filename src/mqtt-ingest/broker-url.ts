import { InvalidOptionError } from '../kernel/livescore.errors.js';

export interface BrokerAddress {
  /** without credentials */
  readonly url: string;
  readonly host: string;
  /** over TLS */
  readonly secure: boolean;
  readonly username?: string;
  readonly password?: string;
}

const SECURE_BY_PROTOCOL = new Map([
  ['mqtt:', false],
  ['ws:', false],
  ['mqtts:', true],
  ['wss:', true],
]);

/** @throws {@link InvalidOptionError}, which shows no credentials */
export function parseBrokerUrl(module: string, value: unknown): BrokerAddress {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const secure = SECURE_BY_PROTOCOL.get(url?.protocol ?? '');
  if (!url || secure === undefined || url.hostname === '') {
    const expected = 'an address that begins with mqtt://, mqtts://, ws:// or wss://';
    throw new InvalidOptionError(module, 'url', expected, withoutCredentials(value));
  }
  const credentials = {
    ...(url.username && { username: decode(module, url.username) }),
    ...(url.password && { password: decode(module, url.password) }),
  };
  url.username = '';
  url.password = '';
  return { url: url.href, host: url.host, secure, ...credentials };
}

function decode(module: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new InvalidOptionError(module, 'url', 'an address with percent-encoded credentials', '***');
  }
}

function withoutCredentials(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\/\/.*@/s, '//***@') : value;
}
