import { describe, expect, it } from '@jest/globals';
import { toolEnvironment } from './tool-environment.js';

describe('the environment of a tool of PostgreSQL', () => {
  it('leads it to the database of an address', () => {
    const url = 'postgres://ann:p%40ss%2Fword@db.example:5433/live%20scores?sslmode=verify-full&sslrootcert=/ca.pem';
    expect(toolEnvironment(url, { PATH: '/bin', DATABASE_URL: url, LIVESCORE_INTERNAL_SECRET: 's' })).toMatchObject({
      PATH: '/bin',
      PGHOST: 'db.example',
      PGPORT: '5433',
      PGUSER: 'ann',
      PGPASSWORD: 'p@ss/word',
      PGDATABASE: 'live scores',
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: '/ca.pem',
    });
  });

  it('holds nothing of this process that the tool does not need', () => {
    const given = toolEnvironment('postgres://localhost/a', { DATABASE_URL: 'x', LIVESCORE_INTERNAL_SECRET: 's' });
    expect(Object.keys(given).filter((name) => /LIVESCORE|DATABASE_URL/.test(name))).toEqual([]);
  });

  it.each([
    ['postgres://[::1]:5432/a', { PGHOST: '::1' }],
    ['postgres:///a?host=/var/run/postgresql', { PGHOST: '/var/run/postgresql', PGDATABASE: 'a' }],
    ['postgres://h/a?sslmode=no-verify', { PGSSLMODE: 'require' }],
    ['postgres://h/a?sslmode=require', { PGSSLMODE: 'verify-full' }],
    ['postgres://h/a?sslmode=require&uselibpqcompat=true', { PGSSLMODE: 'require' }],
    ['postgres://h/a?sslmode=disable', { PGSSLMODE: 'disable' }],
    ['postgres://h/a?ssl=true', { PGSSLMODE: 'verify-full' }],
    ['postgres://h/a?ssl=1', { PGSSLMODE: 'verify-full' }],
  ])('reads %s', (url, expected) => {
    expect(toolEnvironment(url, {})).toMatchObject(expected);
  });

  it.each([
    ['postgres://h/a', '/extra.pem'],
    ['postgres://h/a?sslrootcert=/own.pem', '/own.pem'],
  ])('verifies %s with the certificates that Node has beside its own', (url, expected) => {
    expect(toolEnvironment(url, { NODE_EXTRA_CA_CERTS: '/extra.pem' }).PGSSLROOTCERT).toBe(expected);
  });

  it('takes a password file where the address has no password', () => {
    const { PGPASSFILE, PGPASSWORD } = toolEnvironment('postgres://h/a', { PGPASSFILE: '/p' });
    expect([PGPASSFILE, PGPASSWORD]).toEqual(['/p', process.env.PGPASSWORD]);
  });
});
