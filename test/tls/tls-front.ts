import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer } from 'node:tls';
import type { Certificate } from '../support/certificates.js';

/** Speaks TLS for a server of this machine that does not. */
export interface TlsFront {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startTlsFront({ cert, key }: Certificate, target: number): Promise<TlsFront> {
  const ends = new Set<{ destroy(): void }>();
  const server = createServer({ cert, key }, (secure) => {
    const plain = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [secure, plain],
      [plain, secure],
    ] as const) {
      ends.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        ends.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const end of ends) end.destroy();
      await closed;
    },
  };
}
