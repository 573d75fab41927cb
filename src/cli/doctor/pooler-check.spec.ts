import { describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import type { LentConnections } from './lent-connections.js';
import { poolerCheck } from './pooler-check.js';

/** Two clients and what serves them. @param serve names the backend of the next question of a client, 0 or 1 */
function through(serve: (client: number) => number, toldPid: number): LentConnections {
  const clients = [0, 1].map((client) => ({
    processID: toldPid + client,
    query: async () => ({ rows: [{ pid: serve(client) }] }),
  })) as unknown as Client[];
  return {
    rows: async () => [],
    another: async () => clients.shift() as Client,
  } as unknown as LentConnections;
}

/** @param next of the backends serves the question that comes now; the idle ones, the newest last */
function byTransaction(backends: number[], next: (idle: number[]) => number | undefined): () => number {
  return () => {
    const backend = next(backends) as number;
    backends.push(backend);
    return backend;
  };
}

const codes = async (connections: LentConnections) =>
  (await poolerCheck(connections).look()).findings.map(({ code }) => code);

const BY_TRANSACTION = ['LIVESCORE_TRANSACTION_POOLER'];

describe('the way to PostgreSQL', () => {
  it.each<[string, (client: number) => number, number, readonly string[]]>([
    ['no pooler', (client) => 7 + client, 7, []],
    ['a pooler by the session', (client) => 7 + client, 1, ['LIVESCORE_SESSION_POOLER']],
    ['one by the transaction with one connection', () => 7, 1, BY_TRANSACTION],
    ['one that lends what came back last', byTransaction([7, 8], (idle) => idle.pop()), 1, BY_TRANSACTION],
    ['one that takes turns', byTransaction([7, 8], (idle) => idle.shift()), 1, BY_TRANSACTION],
    ['one that takes turns among three', byTransaction([7, 8, 9], (idle) => idle.shift()), 1, BY_TRANSACTION],
    [
      'one that tells the server connection as its own',
      byTransaction([7, 8], (idle) => idle.shift()),
      7,
      BY_TRANSACTION,
    ],
  ])('is seen: %s', async (_, serve, toldPid, expected) => {
    expect(await codes(through(serve, toldPid))).toEqual(expected);
  });

  it('is seen: one whose first connection was not back yet', async () => {
    const pids = [7, 8];
    expect(await codes(through(() => pids.shift() ?? 8, 1))).toEqual(BY_TRANSACTION);
  });
});
