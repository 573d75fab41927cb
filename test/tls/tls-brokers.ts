import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { freePort } from '../../examples/host/embedded/free-port.js';
import type { Certificate } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';

export interface TlsBrokerOptions {
  readonly certificate: Certificate;
  /** The authority of the clients: each must show a certificate of it. @default no client is asked for one */
  readonly clientCaFile?: string;
  readonly clientCa?: string;
}

export interface TlsBroker {
  /** `mqtts://…` or `wss://…` */
  readonly url: string;
  stop(): Promise<void>;
}

const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) =>
  existsSync(path),
);

/** A broker that speaks TLS, by name; Mosquitto where it is installed. */
export const TLS_BROKERS: readonly (readonly [string, (options: TlsBrokerOptions) => Promise<TlsBroker>])[] = [
  ['a broker in this process', (options) => startAedes(options, 'mqtts')],
  ['the same over WebSocket', (options) => startAedes(options, 'wss')],
  ...(MOSQUITTO ? [['Mosquitto', (options: TlsBrokerOptions) => startMosquitto(MOSQUITTO, options)] as const] : []),
];

async function startAedes({ certificate, clientCa }: TlsBrokerOptions, protocol: 'mqtts' | 'wss'): Promise<TlsBroker> {
  const aedes = await Aedes.createBroker();
  const { cert, key } = certificate;
  const asks = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  const server: Server =
    protocol === 'mqtts'
      ? createTlsServer({ cert, key, ...asks }, (socket) => void aedes.handle(socket))
      : createHttpsServer({ cert, key, ...asks });
  const sockets = protocol === 'wss' ? new WebSocketServer({ server: server as never }) : null;
  sockets?.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket);
    stream.on('error', () => stream.destroy());
    aedes.handle(stream, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      await closed;
    },
  };
}

async function startMosquitto(program: string, options: TlsBrokerOptions): Promise<TlsBroker> {
  const { certificate, clientCaFile } = options;
  const directory = await mkdtemp(join(tmpdir(), 'livescore-mosquitto-'));
  const port = await freePort();
  const settings = [
    // it would read the key as a user of its own
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    `listener ${port} 127.0.0.1`,
    `certfile ${certificate.certFile}`,
    `keyfile ${certificate.keyFile}`,
    ...(clientCaFile ? [`cafile ${clientCaFile}`, 'require_certificate true'] : []),
    'allow_anonymous true',
    'persistence false',
  ];
  const file = join(directory, 'mosquitto.conf');
  await writeFile(file, `${settings.join('\n')}\n`);
  const broker = spawn(program, ['-c', file], { stdio: 'ignore' });
  const ended = once(broker, 'exit');
  await eventually(() => speaksTls(port), { what: 'Mosquitto to listen' });
  return {
    url: `mqtts://127.0.0.1:${port}`,
    stop: async () => {
      broker.kill();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function speaksTls(port: number): Promise<boolean> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    return true;
  } finally {
    socket.destroy();
  }
}
