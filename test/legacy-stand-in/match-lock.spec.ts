import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { freePort } from '../../examples/host/embedded/free-port.js';
import { InMemoryMatchLock } from '../../examples/legacy/in-memory-match-lock.js';
import type { MatchLock } from '../../examples/legacy/match-lock.js';
import { RedisMatchLock } from '../../examples/legacy/redis-match-lock.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

/** Where it is not installed, the lock is tested without its server only. */
const REDIS_SERVER = '/usr/bin/redis-server';

describe('InMemoryMatchLock', () => {
  behavesLikeALock(async () => ({ lock: new InMemoryMatchLock(), end: async () => undefined }));

  it('is free again after 5 s, and its late holder releases nobody else', async () => {
    let nowMs = 0;
    const lock = new InMemoryMatchLock(() => nowMs);
    const slow = await lock.acquire('m', 'mqtt');
    nowMs = 5_000;
    expect(await lock.acquire('m', 'matchSync')).not.toBeNull();
    await lock.release('m', slow!);
    expect(await lock.acquire('m', 'mqtt')).toBeNull();
  });
});

describe('RedisMatchLock', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['fatal']));

  if (existsSync(REDIS_SERVER)) {
    behavesLikeALock(async () => {
      const redis = await startRedis();
      const lock = new RedisMatchLock(redis.url);
      await eventually(() => lock.ping(), { what: 'Redis to answer' });
      return { lock, end: redis.end };
    });
  }

  it('counts as acquired by everybody when Redis is gone', async () => {
    const lock = new RedisMatchLock(`redis://127.0.0.1:${await freePort()}`);
    expect(await lock.acquire('m', 'mqtt')).not.toBeNull();
    const second = await lock.acquire('m', 'matchSync');
    expect(second).not.toBeNull();
    await lock.release('m', second!);
    expect(await lock.ping()).toBe(false);
    await lock.close();
  });
});

function behavesLikeALock(open: () => Promise<{ lock: MatchLock; end: () => Promise<void> }>): void {
  let lock: MatchLock;
  let end: () => Promise<void>;

  beforeEach(async () => {
    ({ lock, end } = await open());
  });

  afterEach(async () => {
    await lock.close();
    await end();
  });

  it('is held by one at a time, per match', async () => {
    const token = await lock.acquire('m', 'mqtt');
    expect(await lock.acquire('m', 'mqtt')).toBeNull();
    expect(await lock.acquire('other', 'mqtt')).not.toBeNull();
    await lock.release('m', token!);
    expect(await lock.acquire('m', 'matchSync')).not.toBeNull();
  });

  it('is not released by somebody else', async () => {
    await lock.acquire('m', 'mqtt');
    await lock.release('m', 'mqtt#somebody-else');
    expect(await lock.acquire('m', 'mqtt')).toBeNull();
  });
}

async function startRedis(): Promise<{ url: string; end: () => Promise<void> }> {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server: ChildProcess = spawn(REDIS_SERVER, options, { stdio: 'ignore', cwd: '/tmp' });
  return {
    url: `redis://127.0.0.1:${port}`,
    end: async () => {
      const exited = once(server, 'exit');
      server.kill('SIGTERM');
      await exited;
    },
  };
}
