import { describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { readDatabase } from './read-database.js';

const question = { periodS: 900, skewMs: 0, secondLook: Promise.resolve(() => true) };

/** A database that fails every statement. */
function failing(error: Error): { readonly client: Client; readonly asked: () => number } {
  let count = 0;
  const query = () => {
    count++;
    return Promise.reject(error);
  };
  return { client: { query } as unknown as Client, asked: () => count };
}

describe('what the database says', () => {
  it('is unknown part by part where statements fail', async () => {
    const { client, asked } = failing(Object.assign(new Error('canceling statement'), { code: '57014' }));
    const parts = Object.values(await readDatabase(client, question));
    expect(parts).toEqual(parts.map(() => ({ unknown: 'canceling statement', failed: true })));
    expect(asked()).toBe(parts.length);
  });

  it('is not asked for any further once nothing was answered', async () => {
    const { client, asked } = failing(new Error('Query read timeout'));
    const parts = Object.values(await readDatabase(client, question));
    expect(parts).toEqual(parts.map(() => ({ unknown: 'Query read timeout', failed: true })));
    expect(asked()).toBe(1);
  });

  it('is a mistake of ours where it is one', async () => {
    await expect(readDatabase(failing(new TypeError('x is not a function')).client, question)).rejects.toThrow('x is');
  });
});
