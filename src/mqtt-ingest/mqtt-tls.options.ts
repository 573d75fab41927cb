import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { InvalidOptionError } from '../kernel/livescore.errors.js';

/** Text or bytes in PEM form. */
export type Pem = string | Buffer;

/** How the broker's certificate is checked, and ours is shown. */
export interface MqttTlsOptions {
  /** Certificate authorities to trust instead of the system's. */
  readonly ca?: Pem | Pem[];
  /** Our certificate; needs `key`. */
  readonly cert?: Pem;
  /** Private key of `cert`. Never logged. */
  readonly key?: Pem;
  /** `false` accepts any certificate: for tests only. @default true */
  readonly rejectUnauthorized?: boolean;
}

/** @throws {@link InvalidOptionError}, which shows no key */
export function resolveTls(module: string, tls: MqttTlsOptions | undefined, secure: boolean): MqttTlsOptions {
  if (tls === undefined) return {};
  if (typeof tls !== 'object' || tls === null) throw new InvalidOptionError(module, 'tls', 'an object', tls);
  const { ca, cert, key, rejectUnauthorized } = tls;
  if (!secure && (ca ?? cert ?? key) !== undefined) {
    throw new InvalidOptionError(module, 'tls', 'absent unless the url begins with mqtts:// or wss://', 'certificates');
  }
  if ((cert === undefined) !== (key === undefined)) {
    const missing = cert === undefined ? 'tls.cert' : 'tls.key';
    throw new InvalidOptionError(module, missing, 'set, because "tls.cert" and "tls.key" need each other', undefined);
  }
  if (rejectUnauthorized !== undefined && typeof rejectUnauthorized !== 'boolean') {
    throw new InvalidOptionError(module, 'tls.rejectUnauthorized', 'true or false', rejectUnauthorized);
  }
  check(module, 'tls.ca', () => [ca ?? []].flat().map((authority) => new X509Certificate(authority)));
  check(module, 'tls.cert', () => cert && new X509Certificate(cert));
  check(module, 'tls.key', () => createSecureContext({ cert, key }));
  return tls;
}

/** The client would meet a bad certificate at every attempt to connect, outside of anybody's stack. */
function check(module: string, option: string, read: () => unknown): void {
  try {
    read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'not readable';
    throw new InvalidOptionError(module, option, `readable in PEM form (${why})`, 'something else');
  }
}
