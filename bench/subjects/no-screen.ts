import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { RunningSubject } from './subject.js';

/** A WebSocket endpoint that never says anything, for subjects without a screen. */
export async function openScreen(): Promise<{ readonly screen: RunningSubject['screen']; close(): void }> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    screen: { protocol: 'ws', url: `ws://127.0.0.1:${port}/ws` },
    close() {
      sockets.close();
      server.close();
    },
  };
}
