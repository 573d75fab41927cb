import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { letterOf, parkedLetter } from '../contracts/dead-letter-store.contract.js';
import { createTestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgDeadLetters } from '../support/pg-dead-letters.js';
import { runCli } from '../support/run-cli.js';
import { startDeadLettersApp } from './dead-letters-app.js';

guardAgainstLeaks();

const DAY_MS = 86_400_000;
const frame = (matchId: string) =>
  Buffer.from(JSON.stringify([matchId, 2, [1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], 0]));

describe('livescore dead-letters', () => {
  let table: PgDeadLetters;

  beforeAll(async () => {
    table = await PgDeadLetters.open();
  });
  afterEach(() => table.clear());
  afterAll(() => table.close());

  const dead = (...argv: string[]) => runCli(['dead-letters', ...argv], { DATABASE_URL: table.url });
  const ids = async () => (await table.letters()).map(({ id }) => id);
  const seed = () =>
    table.store.insert([
      letterOf({ detail: 'message:not-json', receivedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5) }),
      parkedLetter('m1', { receivedAtMs: Date.now() - 8 * DAY_MS }),
      letterOf({ reason: 'cannot-be-written', detail: '22003', matchId: 'm2\u001b[2J', payload: frame('m2') }),
    ]);

  it('list shows the newest first, and totals', async () => {
    await seed();
    const { exitCode, stdout } = await dead('list');
    const lines = stdout.split('\n');
    expect(exitCode).toBe(0);
    expect(lines[0]).toMatch(/^id +reason +detail +match +bytes +received +redrives$/);
    expect(lines[1]).toMatch(/cannot-be-written +22003 +m2\uFFFD\[2J +\d+/);
    expect(lines[3]).toMatch(/malformed +message:not-json +- +1 +2026-01-02T03:04:05Z +0$/);
    expect(lines.slice(4)).toEqual([
      expect.stringMatching(/^cannot-be-written: 1 letters, \d+ bytes$/),
      'malformed: 1 letters, 1 bytes',
      'unknown-match: 1 letters, 6 bytes',
    ]);
  });

  it('list narrows down, and speaks JSON', async () => {
    await seed();
    expect((await dead('list', '--match', 'm1')).stdout).toContain('unknown-match');
    expect((await dead('list', '--match', 'm1')).stdout).not.toContain('malformed');
    const { letters, totals } = JSON.parse((await dead('list', '--limit', '1', '--json')).stdout);
    expect(letters).toEqual([expect.objectContaining({ reason: 'cannot-be-written', redrives: 0, waiting: false })]);
    expect(totals).toHaveLength(3);
    expect(await dead('list', '--reason', 'malformed', '--match', 'm1')).toMatchObject({
      exitCode: 1,
      stderr: 'No dead letters.',
    });
  });

  it('list prints the payload of one letter', async () => {
    await seed();
    const id = (await ids()).at(-1) ?? '';
    expect(await dead('list', '--payload', id)).toMatchObject({ exitCode: 0, stdout: frame('m2').toString() });
    const json = JSON.parse((await dead('list', '--payload', id, '--json')).stdout);
    expect(Buffer.from(json.payload, 'base64')).toEqual(frame('m2'));
    expect((await dead('list', '--payload', '999999')).exitCode).toBe(1);
  });

  it('redrive marks letters for the host', async () => {
    await seed();
    const { exitCode, stdout } = await dead('redrive', '--reason', 'malformed');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Marked 1 letters.')]);
    expect((await dead('list')).stdout).toContain('0, waits');
    expect(await dead('redrive', '--id', '999999')).toMatchObject({ exitCode: 1, stderr: 'No dead letter matched.' });
  });

  it('redrive --wait says that no host took them', async () => {
    await seed();
    const { exitCode, stdout, stderr } = await dead('redrive', '--all', '--wait', '1');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Of 3 letters: 0 settled and deleted, 0 tried in vain and kept, 3 waiting.');
    expect(stderr).toContain('No host took 3 of them within 1 s');
  });

  it('redrive --wait tells what became of them', async () => {
    await seed();
    await table.insertMatch('m2');
    await table.sql.query(`UPDATE livescore_dead_letter SET match_id = 'm2' WHERE match_id LIKE 'm2%'`);
    const app = await startDeadLettersApp(table.url, { replayParkedWithinMs: 0 });
    try {
      const settled = await dead('redrive', '--match', 'm2', '--wait', '50');
      expect(settled).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Of 1 letters: 1 settled') });
      const kept = JSON.parse((await dead('redrive', '--reason', 'malformed', '--wait', '50', '--json')).stdout);
      expect(kept).toEqual({ marked: 1, waiting: 0, underWay: 0, kept: 1, gone: 0 });
    } finally {
      await app.close();
    }
    const [journaled] = (await table.sql.query('SELECT match_id FROM livescore_journal')).rows;
    expect(journaled).toEqual({ match_id: 'm2' });
  });

  it('purge deletes what is named and nothing else', async () => {
    await seed();
    expect((await dead('purge', '--older-than', '7d', '--reason', 'unknown-match', '--dry-run')).stdout).toBe(
      'Would delete 1 letters, 6 bytes.',
    );
    expect(await ids()).toHaveLength(3);
    expect((await dead('purge', '--older-than', '7d', '--reason', 'unknown-match', '--yes')).stdout).toContain(
      'Deleted 1',
    );
    expect(await ids()).toHaveLength(2);
    expect((await dead('purge', '--reason', 'unknown-match')).exitCode).toBe(1);
    expect(JSON.parse((await dead('purge', '--all', '--json', '--yes')).stdout)).toMatchObject({
      letters: 2,
      dryRun: false,
    });
    expect(await ids()).toEqual([]);
  });

  it('says what is missing', async () => {
    expect(await runCli(['dead-letters', 'list'], {})).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('DATABASE_URL'),
    });
    expect(await dead('purge')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--all') });
    expect(await dead('--help')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('redrive') });
    const bare = await createTestDatabase({ migrate: false });
    const unprepared = await runCli(['dead-letters', 'list'], { DATABASE_URL: bare.url });
    await bare.drop();
    expect(unprepared).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('livescore migrate') });
  });
});
