import tls, { type SecureContext, type SecureContextOptions } from 'node:tls';

/** What Node has in a secure context, for whoever adds an authority to the known ones. */
interface Authorities {
  readonly context: { addCACert(ca: string): void };
}

/**
 * Every connection of this process trusts the authority beside those of the system, as with NODE_EXTRA_CA_CERTS, which
 * a process reads at its start only. @returns takes that back
 */
export function trust(ca: string): () => void {
  const create = tls.createSecureContext;
  tls.createSecureContext = (options?: SecureContextOptions): SecureContext => {
    const made = create(options);
    if (!options?.ca) (made as unknown as Authorities).context.addCACert(ca);
    return made;
  };
  return () => {
    tls.createSecureContext = create;
  };
}
