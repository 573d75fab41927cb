import type { OptionPlace } from '../kernel/options.js';

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

const NOWHERE: BrokerAddress = { url: '', host: '', secure: true };

/** Takes a broker's address apart; the faults that it tells the place show no credentials. */
export function parseBrokerUrl(value: unknown, place: OptionPlace): BrokerAddress {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const secure = SECURE_BY_PROTOCOL.get(url?.protocol ?? '');
  if (!url || secure === undefined || url.hostname === '') {
    place.refuse('an address that begins with mqtt://, mqtts://, ws:// or wss://', value);
    return NOWHERE;
  }
  const credentials = {
    ...(url.username && { username: decode(url.username, place) }),
    ...(url.password && { password: decode(url.password, place) }),
  };
  url.username = '';
  url.password = '';
  return { url: url.href, host: url.host, secure, ...credentials };
}

function decode(part: string, place: OptionPlace): string {
  try {
    return decodeURIComponent(part);
  } catch {
    place.refuse('an address with percent-encoded credentials', part, '"***"');
    return part;
  }
}
