import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { Liveness } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const root = fileURLToPath(new URL('../../', import.meta.url));
const HOST_VARIABLES = [
  'DATABASE_URL',
  'MQTT_URL',
  'MQTT_USERNAME',
  'MQTT_PASSWORD',
  'MQTT_TOPIC',
  'REDIS_URL',
  'PORT',
];

/** `npm run host`, without npm between: the same script, which builds what is not built. */
class HostProcess {
  output = '';
  private readonly child: ChildProcess;

  constructor(variables: NodeJS.ProcessEnv) {
    const inherited = Object.entries(process.env).filter(([name]) => !HOST_VARIABLES.includes(name));
    this.child = spawn(process.execPath, ['scripts/run-app.mjs', 'examples/host/main'], {
      cwd: root,
      env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The first group of the pattern, as soon as the output has it. */
  said(pattern: RegExp): Promise<string> {
    return eventually(
      () => {
        const found = pattern.exec(this.output)?.[1];
        return found ?? (this.isRunning ? '' : `ended: ${this.output.slice(-2_000)}`);
      },
      { timeoutMs: 90_000, what: `${pattern} of the host` },
    );
  }

  /** @returns its exit code; null when it had to be killed */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.isRunning) {
      const timer = setTimeout(() => this.child.kill('SIGKILL'), 30_000);
      const exited = once(this.child, 'exit');
      this.child.kill(signal);
      await exited;
      clearTimeout(timer);
    }
    return this.child.exitCode;
  }
}

const healthOf = async (url: string) => (await (await fetch(`${url}/health`)).json()) as Liveness;

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('npm run host', () => {
  let host: HostProcess | undefined;
  afterEach(async () => {
    await host?.end();
  });

  const start = async (variables: NodeJS.ProcessEnv = {}) => {
    host = new HostProcess(variables);
    return { host, url: await host.said(/^ready (http:\S+)$/m) };
  };

  beforeAll(async () => {
    // builds the application once, so that the tests below measure the host and not the compiler
    await start({ DATABASE_URL: 'postgres://127.0.0.1:1/x', MQTT_URL: 'mqtt://127.0.0.1:1', PORT: '0' });
    await host?.end();
  }, 240_000);

  it('brings its own services, shows a goal, and takes them along on SIGTERM', async () => {
    const { host, url } = await start();
    const databaseUrl = await host.said(/Embedded PostgreSQL at (\S+)/);
    const mqttUrl = await host.said(/Embedded MQTT broker at (\S+)/);
    await seedMatch(databaseUrl, 'm1');
    const screen = await WsTestClient.connect(`${url.replace('http', 'ws')}/ws`);
    await eventually(async () => (await healthOf(url)).feed?.subscribed, { what: 'the feed', timeoutMs: 60_000 });
    const publisher = await connectAsync(mqttUrl, { reconnectPeriod: 0 });
    const kickoffS = Math.floor(Date.now() / 1000) - 60;
    const frame = ['m1', 2, [1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], kickoffS];
    await publisher.publishAsync(PROVIDER_TOPIC, JSON.stringify(frame));
    expect(await screen.next('GOAL')).toMatchObject({ matchId: 'm1', homeScore: 1 });
    await publisher.endAsync();

    expect(await host.end('SIGTERM')).toBe(0);
    await eventually(() => screen.closeCode !== undefined, { what: 'the screen to be told' });
    await expect(rowsOf(databaseUrl, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    expect(await answers(url)).toBe(false);
  }, 240_000);

  it('lives without database and broker, and ends cleanly on SIGINT', async () => {
    const { host, url } = await start({
      DATABASE_URL: 'postgres://postgres@127.0.0.1:1/postgres',
      MQTT_URL: 'mqtt://127.0.0.1:1',
      REDIS_URL: 'redis://127.0.0.1:1',
      PORT: '0',
    });
    const health = await fetch(`${url}/health`);
    expect(await health.text()).toContain('"ok":true');
    await host.said(/(Database not reachable)/);
    expect(host.output).not.toContain('Embedded');
    expect(await host.end('SIGINT')).toBe(0);
  }, 240_000);

  it('ends with a clear error when its port is taken', async () => {
    const server = createServer().listen(0);
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    host = new HostProcess({ PORT: String(port) });
    await host.said(/(EADDRINUSE)/);
    await eventually(() => !host?.isRunning, { timeoutMs: 60_000, what: 'the end of the host' });
    expect(await host.end()).toBe(1);
    server.close();
  }, 240_000);
});
