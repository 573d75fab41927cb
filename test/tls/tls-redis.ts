import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { freePort } from '../../examples/host/embedded/free-port.js';
import type { Certificate } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';

const PROGRAM = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find((path) => existsSync(path));

export interface TlsRedis {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * A Redis of its own that speaks TLS on its only port.
 * @param certificate null: it speaks no TLS
 */
export async function startTlsRedis(certificate: Certificate | null, password: string): Promise<TlsRedis> {
  if (!PROGRAM) throw new Error('redis-server is not installed');
  const port = await freePort();
  const { certFile = '', keyFile = '' } = certificate ?? {};
  const secure = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-auth-clients', 'no'];
  const listening = certificate
    ? ['--port', '0', '--tls-port', String(port), ...secure, '--tls-ca-cert-file', certFile]
    : ['--port', String(port)];
  const settings = ['--bind', '127.0.0.1', '--save', '', '--dir', tmpdir(), '--requirepass', password];
  const server = spawn(PROGRAM, [...listening, ...settings], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  await eventually(() => accepts(port), { what: 'Redis to listen' });
  return {
    port,
    stop: async () => {
      server.kill('SIGKILL');
      await ended;
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
