import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { JoinedSocket } from '../../src/postgres/adapters/pg/joined-socket.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

/** What one `cork` gathers, in bytes a piece: below the limit of what is joined, at it, above it. */
const GATHERED: readonly (readonly number[])[] = [
  [1, 2, 3],
  [0, 5, 0, 7],
  [16_383, 1],
  [16_383, 1, 1],
  [400_000, 5, 90_000],
];

function joinedOf(lengths: readonly number[]): readonly number[] {
  const length = lengths.reduce((sum, one) => sum + one, 0);
  return length > 16_384 ? [] : [length];
}

describe('JoinedSocket', () => {
  let server: Server;
  let received: Promise<Buffer>;
  let socket: JoinedSocket;

  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true });
    received = once(server, 'connection').then(async ([connection]) => {
      const bytes = await buffer(connection);
      connection.end();
      return bytes;
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    socket = new JoinedSocket();
    socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
  });

  afterEach(async () => {
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(GATHERED.map((lengths) => ({ lengths })))(
    'writes pieces of $lengths bytes, in order',
    async ({ lengths }) => {
      const pieces = lengths.map((length, n) => Buffer.alloc(length, n + 1));
      const written = lengths.map(() => 0);
      const joined = jest.spyOn(socket, '_write');
      socket.cork();
      for (const [n, piece] of pieces.entries()) {
        socket.write(piece, (error) => {
          written[n] = error ? -1 : 1;
        });
      }
      socket.uncork();
      socket.end();
      expect((await received).equals(Buffer.concat(pieces))).toBe(true);
      expect(joined.mock.calls.map(([piece]) => piece.length)).toEqual(joinedOf(lengths));
      expect(written).toEqual(lengths.map(() => 1));
    },
  );

  it('tells every piece of a connection that is gone', async () => {
    socket.destroy();
    socket.cork();
    const told = [1, 2].map(() => new Promise((resolve) => socket.write(Buffer.alloc(4), resolve)));
    socket.uncork();
    for (const error of await Promise.all(told)) expect(error).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
    await received;
  });
});
