import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readHost } from '../../src/cli/verify/read-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const HEALTH = JSON.stringify({ ok: true, uptime_s: 9, accounting: { unaccounted: 0 } });

describe('a host that is slow to answer', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((_, response) => {
      setTimeout(() => response.writeHead(200, { connection: 'close' }).end(HEALTH), 60);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  it('is looked at no longer than is of use', async () => {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const known = await readHost(url, [], { looks: 50, betweenMs: 0, longestMs: 100 });
    const { looks, answered } = 'value' in known ? known.value : { looks: -1, answered: -2 };
    expect([looks >= 1, looks <= 2, answered]).toEqual([true, true, looks]);
  });
});
