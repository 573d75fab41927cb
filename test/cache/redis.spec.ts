import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createKeyv } from '@keyv/redis';
import { CacheModule } from '@nestjs/cache-manager';
import { Test, type TestingModule } from '@nestjs/testing';
import { AfterCommitModule } from '../../src/after-commit/after-commit.module.js';
import { MatchCacheModule } from '../../src/cache/cache.module.js';
import { CachedReads } from '../../src/cache/cached-reads.service.js';
import { CommittedMatchCache } from '../../src/cache/committed-match-cache.service.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { scoreCommitted, slots } from '../support/committed-changes.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };
const MATCH = 'livescore:match:l7oqdehg6ko3r51';
const commit = (version: number) => scoreCommitted({ version, home: slots(version) });

let module: TestingModule | undefined;
let server: Server | undefined;
const sockets = new Set<Socket>();

/** A Redis that does not answer is given up soon; one that does is waited for, however busy the machine. */
const IMPATIENT = { connectTimeout: 500, timeoutMs: 100 };
const PATIENT = { connectTimeout: 10_000, timeoutMs: 10_000 };

/** The way the host is told to configure Redis: no offline queue, bounded waits. */
async function start(url: string, { connectTimeout, timeoutMs }: typeof IMPATIENT, namespace: string = randomUUID()) {
  const keyv = createKeyv(
    {
      url,
      disableOfflineQueue: true,
      socket: { connectTimeout, reconnectStrategy: (retries: number) => Math.min(20 * retries, 200) },
    },
    { namespace, throwOnConnectError: false, connectionTimeout: connectTimeout },
  );
  keyv.on('error', () => undefined);
  module = await Test.createTestingModule({
    imports: [
      CacheModule.register({ isGlobal: true, stores: [keyv] }),
      MatchCacheModule.forRoot({ retryAfterMs: 50, timeoutMs }),
      AfterCommitModule,
    ],
  })
    .setLogger(quiet)
    .compile();
  await module.init();
  const errors = async () => (await module?.get(LiveScoreMetrics).cacheErrors.get())?.values[0]?.value ?? 0;
  return { keyv, errors, commits: module.get(CommittedMatchCache), reads: module.get(CachedReads) };
}

async function listen(onSocket: (socket: Socket) => void): Promise<string> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stopServer(): Promise<void> {
  const closing = server;
  server = undefined;
  for (const socket of sockets) socket.destroy();
  if (closing) await new Promise((resolve) => closing.close(resolve));
}

afterEach(async () => {
  // an unanswered connection can only be ended from the other side
  const closing = module?.close();
  await stopServer();
  await closing;
  module = undefined;
});

describe('a Redis that accepts and never answers', () => {
  it('costs one bounded wait, then nothing', async () => {
    const url = await listen((socket) => socket.resume());
    const { commits, reads, errors } = await start(url, IMPATIENT);
    // the start itself was the one that waited
    expect(await errors()).toBe(1);
    await commits.afterCommit([commit(12)]);
    expect(await errors()).toBe(2);
    expect(await reads.liveMatches(async () => ['13'])).toEqual(['13']);
    // a disconnect of @keyv/redis while it is still connecting never settles
    await eventually(() => sockets.size === 0, { what: 'the store to give the connection up' });
  });
});

describe('a Redis that is down', () => {
  it('costs no wait, and its silent failures are noticed', async () => {
    const url = await listen(() => undefined);
    await stopServer();
    const { commits, reads, errors } = await start(url, IMPATIENT);
    await commits.afterCommit([commit(12)]);
    expect(await errors()).toBeGreaterThan(0);
    expect(await reads.liveMatches(async () => ['12'])).toEqual(['12']);
  });
});

function describeRealRedis(redisUrl: string): void {
  describe('a real Redis', () => {
    it('holds the committed version, and none of the reads that began before it', async () => {
      const { keyv, commits, reads } = await start(redisUrl, PATIENT);
      await reads.liveMatches(async () => ['11']);
      await eventually(async () => (await keyv.get('live:matches')) !== undefined, { what: 'the old list' });
      await commits.afterCommit([commit(12)]);
      expect(await keyv.get(MATCH)).toMatchObject({ version: 12, homeScore: 12 });
      expect(await keyv.get('live:matches')).toBeUndefined();
      await keyv.clear();
    });

    it('that is cut off and comes back is cleaned before it is used again', async () => {
      const { hostname, port } = new URL(redisUrl);
      let isCut = false;
      const url = await listen((socket) => {
        if (isCut) return socket.destroy();
        const upstream = connect(Number(port || 6379), hostname);
        sockets.add(upstream);
        upstream
          .on('error', () => socket.destroy())
          .once('close', () => {
            sockets.delete(upstream);
            socket.destroy();
          });
        socket.once('close', () => upstream.destroy());
        socket.pipe(upstream).pipe(socket);
        return socket;
      });
      const { keyv, commits, reads } = await start(url, PATIENT);
      await reads.liveMatches(async () => ['11']);
      await eventually(async () => (await keyv.get('live:matches')) !== undefined, { what: 'the old list' });
      isCut = true;
      for (const socket of sockets) socket.destroy();
      await eventually(() => sockets.size === 0, { what: 'the connections to break' });
      await commits.afterCommit([commit(12)]);
      expect(await reads.liveMatches(async () => ['12'])).toEqual(['12']);
      isCut = false;
      await eventually(
        async () => {
          expect(await reads.liveMatches(async () => ['12'])).toEqual(['12']);
          return JSON.stringify(await keyv.get('live:matches')) === '["12"]';
        },
        { what: 'the new list in Redis' },
      );
      await keyv.clear();
    });

    it('is written by the last commits of a shutdown and left without a connection', async () => {
      const namespace = randomUUID();
      const { commits, errors } = await start(redisUrl, PATIENT, namespace);
      const app = module;
      module = undefined;
      await commits.afterCommit([commit(12)]);
      // Nest's cache module disconnects in this phase; commits of the drain come after it
      const phases = app as unknown as { callDestroyHook(): Promise<void>; callShutdownHook(): Promise<void> };
      await phases.callDestroyHook();
      await commits.afterCommit([commit(13)]);
      expect(await errors()).toBe(0);
      await phases.callShutdownHook();
      const { keyv: later } = await start(redisUrl, PATIENT, namespace);
      expect(await later.get(MATCH)).toMatchObject({ version: 13 });
      await later.clear();
    });
  });
}

if (process.env.REDIS_URL) describeRealRedis(process.env.REDIS_URL);
