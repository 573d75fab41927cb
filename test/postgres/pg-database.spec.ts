import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../../src/postgres/postgres.options.js';

const SHUT_DOWN = message('E', 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');
const READY = Buffer.concat([message('R', '\0\0\0\0'), message('Z', 'I')]);

/** A message of PostgreSQL's protocol: type, length, body. */
function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + Buffer.byteLength(body));
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}

/** A server that takes every connection and says `greeting` to it, whole, then hangs up. */
async function serverSaying(greeting: Buffer): Promise<Server> {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(greeting));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('PgDatabase', () => {
  let server: Server;
  let database: PgDatabase;

  beforeEach(async () => {
    server = await serverSaying(Buffer.concat([READY, SHUT_DOWN]));
    const { port } = server.address() as AddressInfo;
    database = new PgDatabase({ host: '127.0.0.1', port, user: 'nobody' }, resolvePostgresOptions({}));
  });

  afterEach(async () => {
    await database.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(['query', 'queryOnDedicatedConnection'] as const)(
    '%s: a connection that breaks in the moment it is handed out fails its statement, nothing else',
    async (way) => {
      await expect(database[way]({ name: 'one', text: 'SELECT 1' }, [])).rejects.toThrow(/terminat|not queryable/i);
      // and the next statement asks for another connection
      const next = once(server, 'connection');
      await expect(database[way]({ name: 'one', text: 'SELECT 1' }, [])).rejects.toThrow(/terminat|not queryable/i);
      await next;
    },
  );
});
