import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { MANIFEST, type Manifest, readManifest } from './manifest.js';
import { variableNames } from './variable-names.js';

const WHOLE: Manifest = {
  format: 1,
  madeAt: '2026-05-01T18:30:00.000Z',
  version: '0.1.0',
  database: 'goalgpt',
  schema: 'public',
  server: '15.20',
  tool: '15.20',
  migrations: [],
  stage: null,
  tables: [{ name: 'ts_matches', of: 'platform', columns: ['id'], primaryKey: ['id'], rows: 1, checksum: '-12' }],
  functions: [],
  extensions: [],
  referencedBy: [],
  processes: null,
  environment: ['DATABASE_URL'],
  checkedAt: null,
};

describe('the manifest of a backup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'livescore-manifest-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (value: unknown) => {
    writeFileSync(join(folder, MANIFEST), JSON.stringify(value));
    return readManifest(folder);
  };
  const withTable = (change: object) => ({ ...WHOLE, tables: [{ ...WHOLE.tables[0], ...change }] });

  it('is read as it was written', () => {
    expect(read(WHOLE)).toEqual(WHOLE);
  });

  it.each([
    ['another format', { ...WHOLE, format: 2 }],
    ['no list of tables', { ...WHOLE, tables: undefined }],
    ['a time that is none', { ...WHOLE, madeAt: 'now' }],
    ['a name that is none', withTable({ name: 'a"; DROP TABLE b' })],
    ['a path in a name', withTable({ name: '../a' })],
    ['a checksum that is no number', withTable({ checksum: "1' OR true" })],
    ['rows that are no number', withTable({ rows: '1' })],
    ['a table without columns', withTable({ columns: [] })],
    ['no object', null],
  ])('is refused with %s', (_what, value) => {
    expect(() => read(value)).toThrow('is not the manifest of a backup');
  });

  it('names the directory that is none', () => {
    expect(() => readManifest(join(folder, 'nothing'))).toThrow('name the directory that livescore backup made');
  });
});

describe('what is kept of an environment', () => {
  it('is names that matter to a host, in order', () => {
    const env = { PORT: '1', LIVESCORE_MAX_STAGE: 'x', DATABASE_URL: 'secret', HOME: '/', AWS_SECRET: 'y', TZ: 'z' };
    expect(variableNames(env)).toEqual(['DATABASE_URL', 'LIVESCORE_MAX_STAGE', 'PORT', 'TZ']);
  });
});
