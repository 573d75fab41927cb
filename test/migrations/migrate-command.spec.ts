import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { livescoreMigrations } from '../../migrations/index.js';
import type { CommandOutput } from '../../src/cli/command.js';
import { migrateCommand } from '../../src/cli/migrate-command.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

describe('livescore migrate', () => {
  const names = livescoreMigrations.map(({ name }) => name);
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ migrate: false });
  });
  afterAll(() => database.drop());

  async function migrate(...argv: string[]): Promise<{ exitCode: number; lines: string[] }> {
    const lines: string[] = [];
    const exitCode = await migrateCommand.run(argv, { DATABASE_URL: database.url }, printingTo(lines));
    return { exitCode, lines };
  }

  it('runs, reverts and tells what is pending', async () => {
    expect(await migrate('status')).toEqual({ exitCode: 1, lines: names.map((name) => `pending ${name}`) });
    expect(await migrate()).toEqual({ exitCode: 0, lines: names.map((name) => `ran ${name}`) });
    expect(await migrate('run')).toEqual({ exitCode: 0, lines: ['nothing to run'] });
    expect(await migrate('status')).toMatchObject({ exitCode: 0 });
    expect(await migrate('revert', '--yes')).toEqual({ exitCode: 0, lines: [`reverted ${names.at(-1)}`] });
    expect(await migrate('revert', '--all', '--yes')).toEqual({
      exitCode: 0,
      lines: names
        .slice(0, -1)
        .reverse()
        .map((name) => `reverted ${name}`),
    });
    expect(await migrate('revert')).toEqual({ exitCode: 0, lines: ['nothing to revert'] });
  });

  it.each([[['sideways']], [['run', 'twice']], [['--al']], [['run', '--all']]])('refuses %j', async (argv) => {
    await expect(migrate(...argv)).rejects.toMatchObject({ code: 'LIVESCORE_CLI_USAGE' });
  });

  it('explains itself without a database', async () => {
    const lines: string[] = [];
    expect(migrateCommand.help).toContain('DATABASE_URL');
    await expect(migrateCommand.run([], {}, printingTo(lines))).rejects.toMatchObject({ code: 'LIVESCORE_CLI_USAGE' });
  });

  it('names a database that does not answer, without its password', async () => {
    const failing = migrateCommand.run([], { DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x' }, printingTo([]));
    await expect(failing).rejects.toMatchObject({
      code: 'LIVESCORE_UNREACHABLE',
      message: expect.not.stringContaining('secret'),
    });
  });
});

function printingTo(lines: string[]): CommandOutput {
  return { stdout: (line) => void lines.push(line), stderr: () => {} };
}
