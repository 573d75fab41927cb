import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test, type TestingModule } from '@nestjs/testing';
import { AfterCommitModule } from '../../src/after-commit/after-commit.module.js';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { Audience } from '../../src/broadcast/ports/audience.js';
import type { ClientFrame } from '../../src/broadcast/ports/client-frame.js';
import { MatchCacheModule } from '../../src/cache/cache.module.js';
import type { Committed } from '../../src/contracts/committed-changes.js';
import { CommittedChanges } from '../../src/contracts/committed-changes.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { MemoryStore } from '../cache/memory-store.js';
import { minuteCommitted, scoreCommitted, slots } from '../support/committed-changes.js';
import { eventually } from '../support/eventually.js';
import { FramesAudience } from '../support/frames-audience.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { withoutHeartbeats } from '../support/without-heartbeats.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };

class RecordingAudience extends FramesAudience {
  /** what the cache had been asked for, at the moment of each publication */
  readonly published: { frames: readonly ClientFrame[]; cacheCalls: number }[] = [];
  isBroken = false;

  constructor(private readonly store?: MemoryStore) {
    super();
  }

  override take(frames: readonly ClientFrame[]): void {
    if (this.isBroken) throw new Error('audience is broken');
    this.published.push({ frames, cacheCalls: this.store?.calls.length ?? 0 });
  }

  get versions(): unknown[] {
    return this.published.flatMap(({ frames }) => frames.map((frame) => ('version' in frame ? frame.version : null)));
  }
}

let module: TestingModule | undefined;

/** @param timeoutMs of the cache: where it answers, a busy machine must not make it late */
async function start(audience: RecordingAudience, store?: MemoryStore, timeoutMs = 10_000) {
  module = await Test.createTestingModule({
    imports: [
      BroadcastModule.forRoot(),
      MatchCacheModule.forRoot({ cache: store, timeoutMs, retryAfterMs: 60_000 }),
      AfterCommitModule,
    ],
  })
    .overrideProvider(Audience)
    .useValue(audience)
    .setLogger(quiet)
    .compile();
  await module.init();
  if (store) store.calls.length = 0;
  return { changes: module.get(CommittedChanges), metrics: module.get(LiveScoreMetrics) };
}

afterEach(async () => {
  await module?.close();
  module = undefined;
});

const commit = (version: number): Committed =>
  scoreCommitted({ version, home: slots(version) }, [{ type: 'score-changed', homeScore: version, awayScore: 1 }]);

describe('the minutes of one tick', () => {
  it('leave together, before and after other changes, however many they are', async () => {
    const audience = new RecordingAudience(new MemoryStore());
    const { changes } = await start(audience, new MemoryStore());
    const tick = Array.from({ length: 318 }, (_, n) => minuteCommitted({ matchId: `m${n}` }));
    changes.publish([commit(1)]);
    changes.publish([commit(2)]);
    changes.publish(tick);
    changes.publish([commit(3)]);
    await eventually(() => audience.versions.length >= 321, { what: 'all frames' });
    const minutes = audience.published.filter(({ frames }) => frames.some(({ type }) => type === 'MINUTE_UPDATE'));
    expect(minutes.map(({ frames }) => frames.length)).toEqual([318]);
    expect(audience.published.flatMap(({ frames }) => frames.map(({ type }) => type)).indexOf('MINUTE_UPDATE')).toBe(2);
  });
});

describe('on the wire (B17)', () => {
  it('a committed goal reaches a client as GOAL and SCORE_CHANGE, once, with its version', async () => {
    module = await Test.createTestingModule({
      imports: [BroadcastModule.forRoot(), MatchCacheModule.forRoot({ cache: new MemoryStore() }), AfterCommitModule],
    }).compile();
    const app = module.createNestApplication(new ExpressAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    const client = await WsTestClient.connect(
      `ws://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/ws`,
    );
    const scorer = { time: 67, playerId: 'p1', playerName: 'A' };
    app.get(CommittedChanges).publish([
      scoreCommitted({ home: slots(2) }, [
        { type: 'goal', side: 'home', homeScore: 2, awayScore: 1, ...scorer },
        { type: 'score-changed', homeScore: 2, awayScore: 1 },
      ]),
    ]);
    await client.next('SCORE_CHANGE');
    expect(withoutHeartbeats(client.frames).slice(1)).toMatchObject([
      { type: 'GOAL', ...scorer, statusId: 4, minute: 67, version: 12, optimistic: { homeScore: 2, statusId: 4 } },
      { type: 'SCORE_CHANGE', homeScore: 2, awayScore: 1, version: 12 },
    ]);
    await app.close();
    await eventually(() => client.closeCode === 1001, { what: 'the goodbye' });
  });
});

describe('without a cache', () => {
  it('announces in the same tick', async () => {
    const audience = new RecordingAudience();
    const { changes, metrics } = await start(audience);
    changes.publish([commit(12), commit(13)]);
    changes.publish([commit(14)]);
    expect(audience.versions).toEqual([12, 13, 14]);
    const latency = await metrics.commitToBroadcast.get();
    expect(latency.values.find(({ metricName }) => metricName?.endsWith('_count'))?.value).toBe(3);
  });

  it('never lets a failing listener reach the writer', async () => {
    const audience = new RecordingAudience();
    const { changes } = await start(audience);
    audience.isBroken = true;
    expect(() => changes.publish([commit(12)])).not.toThrow();
    audience.isBroken = false;
    changes.publish([commit(13)]);
    expect(audience.versions).toEqual([13]);
  });
});

describe('with a cache', () => {
  it('brings the cache up to date before it announces, and keeps commit order over rounds (B17, B18)', async () => {
    const store = new MemoryStore();
    const audience = new RecordingAudience(store);
    const { changes } = await start(audience, store);
    let release: () => void = () => undefined;
    const firstRound = new Promise<void>((resolve) => {
      release = resolve;
    });
    store.before = () => firstRound;
    changes.publish([commit(12)]);
    changes.publish([commit(13)]);
    changes.publish([commit(14), commit(15)]);
    expect(audience.published).toEqual([]);
    release();
    await eventually(() => audience.versions.length === 4, { what: 'all frames' });
    expect(audience.versions).toEqual([12, 13, 14, 15]);
    // one round for the first commit, one for all that came meanwhile: newest state only
    expect(store.calls.filter((call) => call.startsWith('set livescore:match:'))).toHaveLength(2);
    expect(store.values.get('livescore:match:l7oqdehg6ko3r51')).toMatchObject({ version: 15, homeScore: 15 });
    expect(audience.published.map(({ cacheCalls }) => cacheCalls)).toEqual([4, 8]);
  });

  it('that hangs: announces after its timeout, then in the same tick', async () => {
    const store = new MemoryStore();
    const audience = new RecordingAudience(store);
    const { changes, metrics } = await start(audience, store, 50);
    store.hang();
    changes.publish([commit(12)]);
    await eventually(() => audience.versions.length === 1, { what: 'the frame' });
    changes.publish([commit(13)]);
    expect(audience.versions).toEqual([12, 13]);
    expect((await metrics.cacheErrors.get()).values[0]?.value).toBe(2);
  });

  it('announces thousands of collected changes in order', async () => {
    const store = new MemoryStore();
    const audience = new RecordingAudience(store);
    const { changes } = await start(audience, store);
    const versions = Array.from({ length: 5_000 }, (_, n) => n + 12);
    for (const version of versions) changes.publish([commit(version)]);
    await eventually(() => audience.versions.length === versions.length, { what: 'all frames' });
    expect(audience.versions).toEqual(versions);
  });

  it('leaves nothing over at shutdown, also of commits made while draining', async () => {
    const store = new MemoryStore();
    const audience = new RecordingAudience(store);
    const { changes } = await start(audience, store, 50);
    store.hang();
    changes.publish([commit(12)]);
    changes.publish([commit(13)]);
    const closing = module?.close();
    await eventually(() => audience.versions.length === 2, { what: 'the frames of the running round' });
    await closing;
    expect(audience.versions).toEqual([12, 13]);
    module = undefined;
  });
});
