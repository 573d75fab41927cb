import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { packageRoot } from '../../examples/host/package-root.js';

interface App {
  readonly name: string;
  readonly exec_mode: string;
  readonly env: Readonly<Record<string, string>>;
  readonly wait_ready: boolean;
  readonly kill_timeout: number;
  readonly min_uptime: number;
  readonly restart_delay: number;
}

const FILE = join(packageRoot(), 'examples', 'pm2', 'ecosystem.config.cjs');
/** The package drains within this. */
const DRAIN_MS = 5_000;
/** A start that fails takes this long at the most, on a machine that has time. */
const FAILING_START_MS = 5_000;

function appsOf(mode: string): readonly App[] {
  process.env.PM2_MODE = mode;
  // read anew in each mode
  jest.resetModules();
  return (createRequire(FILE)(FILE) as { readonly apps: readonly App[] }).apps;
}

describe('the settings for PM2', () => {
  afterEach(() => {
    delete process.env.PM2_MODE;
  });

  it('give the processes of a pair names, ports and instances of their own', () => {
    const pair = appsOf('pair');
    for (const values of [
      pair.map(({ name }) => name),
      ...['PORT', 'NODE_APP_INSTANCE'].map((name) => pair.map(({ env }) => env[name])),
    ])
      expect(new Set(values).size).toBe(2);
  });

  it.each(['pair', 'cluster', 'fork'])(
    'wait for the signal, leave time to drain, and give a failing host up: %s',
    (mode) => {
      for (const app of appsOf(mode)) {
        expect(app.wait_ready).toBe(true);
        expect(app.kill_timeout).toBeGreaterThan(DRAIN_MS);
        expect(app.restart_delay + FAILING_START_MS).toBeLessThan(app.min_uptime);
      }
    },
  );

  it('refuse a mode that there is not', () => {
    expect(() => appsOf('forks')).toThrow('PM2_MODE must be one of pair, cluster, fork, received "forks"');
  });
});
