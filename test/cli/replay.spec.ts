import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { RunningHost } from '../../examples/host/start-host.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { startExampleHost, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const WORLD_CUP = 'examples/data/worldcup-2022.json';

/** Goals told, and those that a busy machine folded into commits of more than five. */
function toldOrLeftUntold(
  summary: { readonly goalsAnnounced: number | null; readonly goalsUntold: number | null } | null,
): number {
  return Number(summary?.goalsAnnounced) + Number(summary?.goalsUntold);
}

describe('livescore', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let host: RunningHost;
  let folder: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    [broker, database] = await Promise.all([startBroker(), createTestDatabase()]);
    host = await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url });
    await takesTheFeed(host);
    folder = mkdtempSync(join(tmpdir(), 'livescore-cli-'));
    environment = { DATABASE_URL: database.url, MQTT_URL: broker.url, PORT: new URL(host.url).port };
  });

  afterAll(async () => {
    await host.close();
    await Promise.all([broker.stop(), database.drop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  it('replays the World Cup into right rows and announces each of its 172 goals once', async () => {
    const { exitCode, summary } = await runCli(['replay', WORLD_CUP, '--verify'], environment);
    expect(summary).toMatchObject({
      matches: 64,
      goals: 172,
      wrongRows: [],
      duplicateAnnouncements: 0,
    });
    expect(toldOrLeftUntold(summary)).toBe(172);
    expect(summary?.latencyMs).toMatchObject({
      commit: { p50: expect.any(Number) },
      client: { p99: expect.any(Number) },
    });
    expect(exitCode).toBe(0);
  });

  it('does so under chaos, and writes down what it sent', async () => {
    const frames = join(folder, 'frames.jsonl');
    const argv = ['replay', WORLD_CUP, '--verify', '--chaos', '--seed', '5', '--json-frames', frames];
    const { exitCode, summary } = await runCli(argv, environment);
    expect(summary).toMatchObject({ wrongRows: [], duplicateAnnouncements: 0 });
    expect(toldOrLeftUntold(summary)).toBe(172);
    expect(exitCode).toBe(0);
  });

  it('replays part of a file, and reports matches that were not played', async () => {
    const cup = {
      matches: [{ team1: 'Ajax', team2: 'Porto', score: { ft: [1, 0] } }, { team1: 'Ajax' }, { score: { ft: [5, 5] } }],
    };
    const { exitCode, summary, stderr } = await runCli(
      ['replay', file('cup.json', cup), '--only', 'ajax', '--verify'],
      environment,
    );
    expect(summary).toMatchObject({ matches: 1, goals: 1, goalsAnnounced: 1 });
    expect(stderr).toContain('skipped: Ajax - Away team 2');
    expect(exitCode).toBe(0);
  });

  it('tells a tournament that nobody consumed from one that arrived', async () => {
    const cup = file('unheard.json', { matches: [{ score: { ft: [1, 0] } }] });
    const { exitCode, summary } = await runCli(['replay', cup, '--verify', '--topic', 'somewhere/else'], environment);
    expect(exitCode).toBe(1);
    expect(summary).toMatchObject({ goals: 1, goalsAnnounced: 0 });
    expect(summary?.wrongRows).toContainEqual(expect.objectContaining({ column: 'status_id', expected: 8, actual: 1 }));
  });

  it('takes away what it left, once it is over or later, and nothing else', async () => {
    const cup = file('clean.json', { matches: [{ team1: 'A', team2: 'B', score: { ft: [2, 0] } }] });
    const before = await rowsOfMatches();
    const kept = await runCli(['replay', cup, '--verify'], environment);
    const [, run = ''] = /replay --clean-run ([0-9a-z]{9}) takes them away/.exec(kept.stderr) ?? [];
    expect(kept.summary).toMatchObject({ run });
    expect(await rowsOfMatches()).not.toEqual(before);
    const cleaned = await runCli(['replay', '--clean-run', run], environment);
    expect([cleaned.exitCode, cleaned.stderr]).toEqual([0, expect.stringContaining(`1 matches of replay ${run}`)]);
    expect(await rowsOfMatches()).toEqual(before);
    expect((await runCli(['replay', '--clean-run', run], environment)).exitCode).toBe(1);
    expect(await runCli(['replay', cup, '--verify', '--clean'], environment)).toMatchObject({ exitCode: 0 });
    expect(await rowsOfMatches()).toEqual(before);
  });

  it('asks before it mixes made-up matches with others', async () => {
    const cup = file('mixed.json', { matches: [{ score: { ft: [1, 0] } }] });
    await runSql(database.url, `INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ('real', 1, 1)`);
    try {
      const { exitCode, stderr } = await runCli(['replay', cup, '--verify'], environment);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('It holds 1 matches that are of no replay')]);
      expect((await runCli(['replay', cup, '--verify', '--clean', '--yes'], environment)).exitCode).toBe(0);
    } finally {
      await runSql(database.url, `DELETE FROM ts_matches WHERE external_id = 'real'`);
    }
  });

  async function rowsOfMatches(): Promise<unknown> {
    const tables = 'ts_matches ts_teams ts_competitions livescore_journal livescore_announced livescore_dead_letter';
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      const counts = tables.split(' ').map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
      return (await client.query(`SELECT ${counts.join(', ')}`)).rows[0];
    } finally {
      await client.end();
    }
  }

  it('explains what became of the frames of a match', async () => {
    const frames = join(folder, 'frames.jsonl');
    const cup = file('one.json', { matches: [{ score: { ft: [2, 1] } }] });
    await runCli(['replay', cup, '--verify', '--json-frames', frames], environment);
    const matchId = /[a-z0-9]{9}m00000/.exec(await readText(frames))?.[0] ?? '';
    const { exitCode, stdout } = await runCli(['explain', matchId], environment);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/8 ended 2-1\s.*applied/);
  });

  it('explains from the journal when the host cannot be reached', async () => {
    const frames = join(folder, 'frames.jsonl');
    const matchId = /[a-z0-9]{9}m00000/.exec(await readText(frames))?.[0] ?? '';
    const { exitCode, stdout, stderr } = await runCli(['explain', matchId], { ...environment, PORT: '1' });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('only changes that were applied');
    expect(stdout).toMatch(/8 ended 2-1/);
  });

  it('says so when it knows nothing of a match', async () => {
    const { exitCode, stderr } = await runCli(['explain', 'no-such-match'], environment);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Nothing is known of match "no-such-match"');
  });

  it.each([
    ['an unknown command', ['repaly'], {}, 'unknown command "repaly"'],
    ['a missing file', ['replay', 'no-such-file.json'], {}, 'cannot read no-such-file.json'],
    [
      'an unreachable broker',
      ['replay', WORLD_CUP],
      { MQTT_URL: 'mqtt://user:hidden@127.0.0.1:1' },
      'MQTT broker at mqtt://127.0.0.1:1',
    ],
    [
      'an address that is none',
      ['replay', WORLD_CUP],
      { MQTT_URL: 'hidden' },
      'MQTT broker at an address that cannot be',
    ],
    [
      'an unreachable database',
      ['replay', WORLD_CUP],
      { DATABASE_URL: 'postgres://u:hidden@127.0.0.1:1/x' },
      'database at postgres://127.0.0.1:1 ',
    ],
    ['an unreachable host', ['replay', WORLD_CUP, '--verify'], { PORT: '1' }, 'WebSocket at ws://127.0.0.1:1/ws'],
    [
      'an explanation nobody can give',
      ['explain', 'm'],
      { PORT: '1', DATABASE_URL: '' },
      'host at http://127.0.0.1:1/',
    ],
  ])('names %s and exits with 2', async (_, argv, env, message) => {
    const { exitCode, stderr } = await runCli(argv, { ...environment, ...env });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('hidden');
    expect(exitCode).toBe(2);
  });

  it.each([
    ['text that is not JSON', '{"matches":', 'is not JSON'],
    ['JSON without matches', { name: 'x' }, 'no matches found'],
    ['matches that were not played', { matches: [{ team1: 'A' }] }, 'holds no match that was played'],
  ])('refuses a file with %s', async (_, content, message) => {
    const { exitCode, stderr } = await runCli(['replay', file('bad.json', content)], environment);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  it('asks for the platform tables when they are missing', async () => {
    const empty = await createTestDatabase({ platformSchema: false, migrate: false });
    try {
      const { exitCode, stderr } = await runCli(['replay', WORLD_CUP], { ...environment, DATABASE_URL: empty.url });
      expect(stderr).toContain('lacks the platform tables');
      expect(exitCode).toBe(2);
      const explained = await runCli(['explain', 'm'], { DATABASE_URL: empty.url, PORT: '1' });
      expect(explained.stderr).toContain('no journal');
      expect(explained.exitCode).toBe(2);
    } finally {
      await empty.drop();
    }
  });

  it.each([[['--help']], [['replay', '--help']], [['explain', '-h']], [['migrate', '--help']]])(
    'shows help for %j',
    async (argv) => {
      const { exitCode, stdout } = await runCli(argv, {});
      expect(stdout).toContain('livescore');
      expect(exitCode).toBe(0);
    },
  );
});

async function readText(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path, 'utf8');
}
