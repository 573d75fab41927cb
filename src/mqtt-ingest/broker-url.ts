import type { OptionPlace } from '../kernel/options.js';
import { isAddress } from '../kernel/service-address.js';

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
  const url = typeof value === 'string' && isAddress('MQTT broker', value) ? new URL(value) : null;
  const secure = SECURE_BY_PROTOCOL.get(url?.protocol ?? '');
  if (!url || secure === undefined) {
    place.refuse(
      'an address that begins with mqtt://, mqtts://, ws:// or wss://, with user and password percent-encoded',
      value,
    );
    return NOWHERE;
  }
  const credentials = {
    ...(url.username && { username: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) }),
  };
  url.username = '';
  url.password = '';
  return { url: url.href, host: url.host, secure, ...credentials };
}
