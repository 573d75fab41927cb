import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { OptionPlace, OptionRule } from '../kernel/options.js';
import { checked, derived, object } from '../kernel/options-rules.js';

/** Text or bytes in PEM form. */
export type Pem = string | Buffer;

/** How the broker's certificate is checked, and ours is shown. */
export interface MqttTlsOptions {
  /** Certificate authorities to trust instead of the system's. @default the system's */
  readonly ca?: Pem | Pem[];
  /** Our certificate; needs `key`. @default none */
  readonly cert?: Pem;
  /** Private key of `cert`. Never logged. @default none */
  readonly key?: Pem;
  /** `false` accepts any certificate: for tests only. @default true */
  readonly rejectUnauthorized?: boolean;
}

const PEM = object({
  ca: pem((ca) => [ca].flat().map((authority) => new X509Certificate(authority))),
  cert: pem((cert) => new X509Certificate(cert as Pem)),
  key: pem((key) => createSecureContext({ key: key as Pem })),
  rejectUnauthorized: checked<boolean | undefined>('true or false', (value) => typeof value === 'boolean', undefined),
});

/** The rule of the option `tls`; its faults show no key. */
export const TLS_RULE: OptionRule<MqttTlsOptions> = derived(PEM, ({ ca, cert, key, rejectUnauthorized }, place) => {
  const needed = 'set, because "tls.cert" and "tls.key" need each other';
  if (cert === undefined && key !== undefined) place.inside('cert').refuse(needed, cert);
  if (key === undefined && cert !== undefined) place.inside('key').refuse(needed, key);
  return {
    ...(ca !== undefined && { ca: ca as Pem | Pem[] }),
    ...(cert !== undefined && { cert: cert as Pem }),
    ...(key !== undefined && { key: key as Pem }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
});

/** Of an address without TLS. */
export function refuseCertificates({ ca, cert, key }: MqttTlsOptions, place: OptionPlace): void {
  if ((ca ?? cert ?? key) === undefined) return;
  place.inside('tls').refuse('absent unless the url begins with mqtts:// or wss://', undefined, 'certificates');
}

/** The client would meet a bad certificate at every attempt to connect, outside of anybody's stack. */
function pem(read: (value: Pem | Pem[]) => unknown): OptionRule<unknown> {
  return (value, place) => {
    try {
      if (value !== undefined) read(value as Pem | Pem[]);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : 'not readable';
      place.refuse(`readable in PEM form (${why})`, value, 'something else');
    }
    return value;
  };
}
