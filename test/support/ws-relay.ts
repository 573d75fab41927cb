import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { noteFrame } from './ws-client.js';

export interface WsRelay {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands between a host and its clients: `rewrite` says what a client gets instead of each frame. */
export async function startWsRelay(target: string, rewrite: (frame: string) => readonly string[]): Promise<WsRelay> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (client) => {
    const upstream = new WebSocket(target);
    upstream.on('message', (data) => {
      noteFrame(JSON.parse(String(data)));
      for (const frame of rewrite(String(data))) client.send(frame);
    });
    upstream.on('error', () => client.terminate());
    client.on('close', () => upstream.terminate());
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
