import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { INestApplication } from '@nestjs/common';

const DEFAULT_PORT = 3000;
/** Clients that come back together wait in this queue: with Node's 511 the others of thousands try again a second later, or three. */
const BACKLOG = 4_096;

/**
 * Listens on the address and port of the environment; without one on 3000, or on any free port when that is taken.
 * @returns the port
 */
export async function listen(app: INestApplication, port: number | null, host: string): Promise<number> {
  const options = { host, port: port ?? ((await isFree(DEFAULT_PORT, host)) ? DEFAULT_PORT : 0), backlog: BACKLOG };
  // both adapters of Nest pass the options on; its types know numbers and texts
  await app.listen(options as never);
  const { port: listening } = app.getHttpServer().address() as AddressInfo;
  return listening;
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
