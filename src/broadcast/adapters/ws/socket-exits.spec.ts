import { Duplex } from 'node:stream';
import { expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import { SocketExits } from './socket-exits.js';

it('tells 100 at once why, drops those beyond, and waits for nobody longer than a second', async () => {
  const time = new VirtualTime();
  const exits = new SocketExits(new VirtualScheduler(time));
  const sockets = Array.from({ length: 101 }, () => new Duplex({ read: () => {}, write: () => {} }));
  const left = () => sockets.filter(({ destroyed }) => !destroyed).length;
  for (const socket of sockets) exits.refuse(socket, '503 Service Unavailable');
  expect([left(), sockets[100]?.destroyed, exits.size]).toEqual([100, true, 100]);
  await time.advance(1_000);
  expect([left(), exits.size]).toEqual([0, 0]);
});
