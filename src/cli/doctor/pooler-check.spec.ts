import { describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import type { LentConnections } from './lent-connections.js';
import { poolerCheck } from './pooler-check.js';

/** @param pids the server connections that serve the first client, one question after the other; the last one stays */
function through(pids: readonly number[], toldPid: number): LentConnections {
  let asked = 0;
  const first = {
    processID: toldPid,
    query: async () => ({ rows: [{ pid: pids[Math.min(asked++, pids.length - 1)] }] }),
  };
  const second = { processID: 99, query: async () => ({ rows: [{ pid: 99 }] }) };
  const clients = [first, second] as unknown as Client[];
  return {
    rows: async () => [],
    another: async () => clients.shift() as Client,
  } as unknown as LentConnections;
}

const codes = async (connections: LentConnections) =>
  (await poolerCheck(connections).look()).findings.map(({ code }) => code);

describe('the way to PostgreSQL', () => {
  it.each<[string, readonly number[], number, readonly string[]]>([
    ['no pooler', [7], 7, []],
    ['a pooler by the session', [7], 1, ['LIVESCORE_SESSION_POOLER']],
    ['a pooler by the transaction', [7, 8], 1, ['LIVESCORE_TRANSACTION_POOLER']],
    ['one that serves the first with the same connection again', [7, 7, 7, 8], 1, ['LIVESCORE_TRANSACTION_POOLER']],
    ['one that tells the server connection as its own', [7, 7, 8], 7, ['LIVESCORE_TRANSACTION_POOLER']],
  ])('is seen: %s', async (_, pids, toldPid, expected) => {
    expect(await codes(through(pids, toldPid))).toEqual(expected);
  });
});
