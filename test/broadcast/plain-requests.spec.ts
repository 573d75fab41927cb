import { EventEmitter } from 'node:events';
import { IncomingMessage, type Server } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { PlainRequests } from '../../src/broadcast/adapters/ws/plain-request.js';
import { SocketExits } from '../../src/broadcast/adapters/ws/socket-exits.js';
import { VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';

it('hands the host 500 at once, and refuses those beyond', () => {
  const scheduler = new VirtualScheduler(new VirtualTime());
  const exits = new SocketExits(scheduler);
  const plain = new PlainRequests(scheduler, exits);
  const server = new EventEmitter();
  let handedOver = 0;
  server.on('request', () => {
    handedOver += 1;
  });
  for (let n = 0; n < 501; n++) {
    const socket = new Socket();
    plain.answer(server as Server, new IncomingMessage(socket), socket);
  }
  expect([handedOver, exits.size]).toEqual([500, 1]);
  plain.end();
  exits.close();
});
