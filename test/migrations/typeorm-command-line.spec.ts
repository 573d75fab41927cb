import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';
import { livescoreMigrations } from '../../migrations/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const typeorm = join(dirname(createRequire(import.meta.url).resolve('typeorm')), 'cli.js');

describe('the TypeORM command line', () => {
  let database: TestDatabase;
  let compiled: string;

  beforeAll(async () => {
    database = await createTestDatabase({ migrate: false });
    compiled = compileMigrations();
  });

  afterAll(async () => {
    rmSync(compiled, { recursive: true, force: true });
    await database.drop();
  });

  const cli = (command: string, { options = [] as string[], url = database.url } = {}) =>
    run(process.execPath, [typeorm, command, '-d', join(compiled, 'migrations/data-source.js'), ...options], {
      env: { ...process.env, DATABASE_URL: url },
      timeout: 120_000,
    });

  it('runs, shows and reverts the migrations', async () => {
    const { stdout } = await cli('migration:run');
    for (const { name } of livescoreMigrations) expect(stdout).toContain(`${name} has been executed successfully`);
    expect((await cli('migration:show')).stdout).toContain(`[X] 1 ${livescoreMigrations[0]?.name}`);
    expect((await cli('migration:revert')).stdout).toContain(`${livescoreMigrations.at(-1)?.name} has been reverted`);
    expect((await cli('migration:run', { options: ['--transaction', 'each'] })).stdout).toContain(
      'executed successfully',
    );
  }, 300_000);

  it('says that DATABASE_URL is missing', async () => {
    await expect(cli('migration:run', { url: '' })).rejects.toMatchObject({
      stderr: expect.stringContaining('Set DATABASE_URL to the platform database'),
    });
  }, 150_000);
});

/** The migrations and what they import, as ESM, under node_modules so that their own imports resolve. */
function compileMigrations(): string {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'livescore-migrations-'));
  const migrations = readdirSync(join(root, 'migrations')).filter((file) => file.endsWith('.ts'));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  const kernel = ['livescore.errors.ts', 'service-address.ts'].map((name) => join('src/kernel', name));
  for (const file of [...migrations.map((name) => join('migrations', name)), ...kernel]) {
    const { code } = transformSync(readFileSync(join(root, file), 'utf8'), {
      swcrc: false,
      module: { type: 'es6' },
      jsc: { target: 'es2023', parser: { syntax: 'typescript' }, keepClassNames: true },
    });
    const target = join(directory, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  return directory;
}
