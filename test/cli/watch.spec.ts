import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import type { CommandOutput } from '../../src/cli/command.js';
import { run } from '../../src/cli/run.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { seedMatch, startExampleHost, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

describe('livescore watch', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let host: RunningHost;
  let publisher: MqttClient;

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    host = await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url });
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await takesTheFeed(host);
    await seedMatch(database.url, 'm1');
  });
  afterAll(async () => {
    await publisher.endAsync();
    await host.close();
    await broker.stop();
    await database.drop();
  });

  const env = () => ({ DATABASE_URL: database.url });
  const once = async (...argv: string[]) =>
    JSON.parse((await runCli(['watch', '--once', '--json', '--url', host.url, ...argv], env())).stdout);

  it('shows a goal of the feed with its version, and what the host tells who knows its key', async () => {
    const kickoffS = Math.floor(Date.now() / 1000) - 600;
    await publisher.publishAsync(
      PROVIDER_TOPIC,
      JSON.stringify(['m1', 2, [1, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 2, 0, 0], kickoffS]),
    );
    await eventually(async () => (await once()).database.matches?.[0]?.home === 1, {
      timeoutMs: 30_000,
      what: 'the goal',
    });
    // the host writes its key once it runs
    const view = await eventually(
      async () => {
        const seen = await once();
        return seen.host.pool && seen.database.matches?.[0]?.home === 1 && seen;
      },
      { timeoutMs: 30_000, what: 'the key of the host' },
    );
    expect(view.database).toMatchObject({
      live: 1,
      matches: [{ id: 'm1', status: 2, home: 1, away: 0, version: 1, epoch: 0, changedS: expect.any(Number) }],
      changesLastMinute: 1,
      p50Ms: expect.any(Number),
      lease: { fence: expect.any(Number), holder: expect.any(String) },
      stage: { stage: expect.any(String) },
    });
    expect(view.host).toMatchObject({
      feed: expect.any(String),
      holdsLease: true,
      clients: 0,
      unaccounted: 0,
      pool: { active: expect.any(Number), total: expect.any(Number) },
    });
  });

  it('draws at a terminal until q is pressed', async () => {
    const drawn: (readonly string[])[] = [];
    let quit = () => {};
    let closed = 0;
    const output: CommandOutput = {
      stdout: () => {},
      stderr: () => {},
      screen: (onQuit) => {
        quit = onQuit;
        const draw = (lines: readonly string[]) => void drawn.push(lines);
        const close = () => {
          closed += 1;
        };
        return { rows: 12, columns: 60, draw, close };
      },
    };
    const done = run(['watch', '--url', host.url], env(), output);
    const showsMatch = (lines: readonly string[]) => lines.some((line) => line.startsWith('m1 '));
    await eventually(() => drawn.slice(1).some(showsMatch), { timeoutMs: 30_000, what: 'a second look, at a match' });
    quit();
    expect(await done).toBe(0);
    expect(closed).toBe(1);
    expect(drawn.flat().filter((line) => line.length > 60)).toEqual([]);
  });

  it('ends when nobody reads any more', async () => {
    const reader = new AbortController();
    const lines: string[] = [];
    const stdout = (line: string) => {
      lines.push(line);
      reader.abort();
    };
    const output: CommandOutput = { stdout, stderr: () => {}, gone: reader.signal };
    expect(await run(['watch', '--json', '--url', host.url], env(), output)).toBe(0);
    expect(lines).toHaveLength(1);
  });

  it('goes on where host and database do not answer, and says why', async () => {
    const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x', PORT: '1' };
    const { exitCode, stdout } = await runCli(['watch', '--once'], nowhere);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(/host +host at .*cannot be used[\s\S]*database at .*cannot be used/),
    ]);
    expect((await runCli(['watch', '--once'], { PORT: '1' })).stdout).toContain('DATABASE_URL is not set');
    expect(await runCli(['watch'], nowhere)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no terminal'),
    });
  });
});
