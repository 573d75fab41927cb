import { describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { LiveScoreError } from '../../../kernel/livescore.errors.js';
import { connectionOf } from './connection-of.js';

const dataSource = (options: object) => ({ options: { type: 'postgres', ...options } }) as unknown as DataSource;

describe('connectionOf', () => {
  it('takes the option before the data source', () => {
    const host = dataSource({ host: 'db' });
    expect(connectionOf('postgres://a/b', host)).toEqual({ connectionString: 'postgres://a/b' });
    expect(connectionOf({ host: 'other' }, host)).toEqual({ host: 'other' });
  });

  it('reads address, credentials, TLS and driver settings of the data source', () => {
    expect(
      connectionOf(
        undefined,
        dataSource({ host: 'db', port: 5433, username: 'u', password: 'p', extra: { ssl: true } }),
      ),
    ).toEqual({ host: 'db', port: 5433, user: 'u', password: 'p', ssl: true });
    expect(connectionOf(undefined, dataSource({ url: 'postgres://db/x' }))).toEqual({
      connectionString: 'postgres://db/x',
    });
  });

  it('writes to the master of a replicated one', () => {
    const replicated = dataSource({ replication: { master: { host: 'master' }, slaves: [{ host: 'copy' }] } });
    expect(connectionOf(undefined, replicated)).toEqual({ host: 'master' });
  });

  it('says what to do when nothing names a database', () => {
    expect(() => connectionOf(undefined)).toThrow(LiveScoreError);
    expect(() => connectionOf(undefined, { options: { type: 'sqlite' } } as unknown as DataSource)).toThrow(
      /connection/,
    );
  });
});
