// By hand: one encoded frame, given to every socket of `ws` in a loop.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { ENDPOINT, runServer } from './run-server.js';

const wss = new WebSocketServer({ ...ENDPOINT, perMessageDeflate: false });
await once(wss, 'listening');
wss.on('connection', (ws) => ws.on('error', () => undefined));
let buffer = Buffer.from('{}');

runServer({
  port: (wss.address() as AddressInfo).port,
  useFrame(text) {
    buffer = Buffer.from(text);
  },
  broadcast() {
    for (const client of wss.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(buffer, { binary: false });
    }
  },
  async close() {
    for (const client of wss.clients) client.terminate();
    wss.close();
  },
});
