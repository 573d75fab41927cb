import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { freePort } from '../../examples/host/embedded/free-port.js';

export interface BrokerOptions extends Pick<AedesOptions, 'authenticate' | 'authorizeSubscribe' | 'authorizePublish'> {
  /** @default a free one */
  readonly port?: number;
  /** `ws`: MQTT over WebSocket, at any path. @default 'tcp' */
  readonly listener?: 'tcp' | 'ws';
}

export interface TestBroker {
  /** `mqtt://…` or `ws://…`, without credentials */
  readonly url: string;
  readonly port: number;
  /** the broker in this process, for what only a broker sees */
  readonly aedes: Aedes;
  /** Drops every connection and frees the port; a second call does nothing. */
  stop(): Promise<void>;
}

/** An MQTT 3.1.1 broker in this process, on loopback. It knows neither MQTT 5 nor `$share`. */
export async function startBroker(wanted: BrokerOptions = {}): Promise<TestBroker> {
  const { port = await freePort(), listener = 'tcp', ...options } = wanted;
  const aedes = await Aedes.createBroker(options);
  const server = listener === 'ws' ? webSocketServer(aedes) : createTcpServer((socket) => void aedes.handle(socket));
  await listen(server, port);
  let stopped: Promise<void> | undefined;
  return {
    url: `${listener === 'ws' ? 'ws' : 'mqtt'}://127.0.0.1:${port}`,
    port,
    aedes,
    stop: () => {
      stopped ??= stop(aedes, server);
      return stopped;
    },
  };
}

function webSocketServer(aedes: Aedes): Server {
  const server = createHttpServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket);
    stream.on('error', () => stream.destroy());
    aedes.handle(stream, request);
  });
  return server;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

async function stop(aedes: Aedes, server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await new Promise<void>((resolve) => aedes.close(() => resolve()));
  await closed;
}
