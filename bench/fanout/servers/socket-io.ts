// Socket.IO with its defaults: one emit to a room that everybody is in.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { ENDPOINT, runServer } from './run-server.js';

const ROOM = 'live';
const http = createServer();
const io = new Server(http, { transports: ['websocket'] });
io.on('connection', (socket) => void socket.join(ROOM));
http.listen(ENDPOINT);
await once(http, 'listening');
let frame: unknown = {};

runServer({
  port: (http.address() as AddressInfo).port,
  useFrame(text) {
    frame = JSON.parse(text);
  },
  broadcast() {
    io.to(ROOM).emit('frame', frame);
  },
  close: () => io.close(),
});
