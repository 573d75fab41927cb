import { describe, expect, it } from '@jest/globals';
import { refuseNewTool, refuseOldReader, refuseOldTool } from './tool-versions.js';

const version = (text: string) => ({ version: text });

describe('a tool of PostgreSQL', () => {
  it('is not older than the server', () => {
    expect(() => refuseOldTool('pg_dump', '14.9', version('15.20'))).toThrow('older than the server, PostgreSQL 15.20');
    expect(() => refuseOldTool('pg_dump', '15.1', version('15.20'))).not.toThrow();
  });

  it.each([
    ['17.0', '16.9'],
    ['18.4', '15.20'],
  ])('of version %s writes what server %s does not know', (tool, server) => {
    expect(() => refuseNewTool('pg_restore', tool, version(server))).toThrow(
      `writes SET transaction_timeout, which PostgreSQL ${server} does not know: use the client tools of the server (Debian: postgresql-client-${Number.parseInt(server, 10)})`,
    );
  });

  it.each([
    ['16.4', '15.20'],
    ['17.0', '17.2'],
    ['18.4', '17.2'],
  ])('of version %s is read by server %s', (tool, server) => {
    expect(() => refuseNewTool('pg_restore', tool, version(server))).not.toThrow();
  });

  it('is not older than the one that wrote the archive', () => {
    expect(() => refuseOldReader('15.20', '16.1')).toThrow(
      'pg_restore 15.20 is older than the pg_dump of the backup, 16.1',
    );
    expect(() => refuseOldReader('16.1', '16.4')).not.toThrow();
  });
});
