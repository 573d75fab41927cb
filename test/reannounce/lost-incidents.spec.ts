import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Global, Logger, Module } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { AfterCommitModule } from '../../src/after-commit/after-commit.module.js';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { CommittedChanges } from '../../src/contracts/committed-changes.js';
import { DetailsSink } from '../../src/contracts/details-sink.js';
import { IngestLease } from '../../src/contracts/ingest-lease.js';
import type { Incident } from '../../src/domain/match-update.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { MatchDetailsModule } from '../../src/match-details/match-details.module.js';
import { PostgresModule } from '../../src/postgres/postgres.module.js';
import { RecentChanges } from '../../src/reannounce/ports/recent-changes.js';
import { ReannounceModule } from '../../src/reannounce/reannounce.module.js';
import { eventually } from '../support/eventually.js';
import { FakeLease } from '../support/fake-lease.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { withoutHeartbeats } from '../support/without-heartbeats.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const yellow = { type: 3, position: 2, time: 40, player_id: 'p5', player_name: 'E' };
const moved = { ...yellow, time: 41, player_id: 'p6', player_name: 'F' };
const change = { type: 9, position: 1, time: 60, in_player_id: 'p3', out_player_id: 'p4' };
const ORIGIN = { source: 'mqtt', delivery: 'push', requestedAtMs: null, providerTimeS: null } as const;

describe('a process killed between the commit of cards and substitutions and their frames', () => {
  let rows: PgScoreRows;
  const cleanups: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    rows = await PgScoreRows.open();
    await rows.insert('m');
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  afterAll(async () => {
    await rows?.close();
    Logger.overrideLogger(true);
  });

  /** Commits these lists one by one, and tells nobody: what it publishes is thrown away, as by its death. */
  async function commitAndDie(...lists: readonly (readonly Incident[])[]): Promise<void> {
    const app = await Test.createTestingModule({
      imports: [PostgresModule.forRoot({ connection: rows.url }), MatchDetailsModule],
    }).compile();
    await app.init();
    app.get(CommittedChanges, { strict: false }).publish = () => undefined;
    const { details } = app.get(LiveScoreMetrics);
    for (const [at, incidents] of lists.entries()) {
      app.get(DetailsSink).submit([{ matchId: 'm', receivedAtMs: Date.now(), ...ORIGIN, incidents }]);
      const written = async () => (await details.get()).values.reduce((sum, { value }) => sum + value, 0) > at;
      await eventually(written, { what: 'the commit' });
    }
    await app.close();
  }

  async function takeOver(fence: number) {
    const lease = new FakeLease();
    @Global()
    @Module({ providers: [{ provide: IngestLease, useValue: lease }], exports: [IngestLease] })
    class Leases {}
    const built = await Test.createTestingModule({
      imports: [
        Leases,
        PostgresModule.forRoot({ connection: rows.url }),
        BroadcastModule.forRoot(),
        AfterCommitModule,
        ReannounceModule,
      ],
    }).compile();
    const app = built.createNestApplication(new ExpressAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    cleanups.push(() => app.close());
    const read = onceRead(app.get(RecentChanges, { strict: false }));
    lease.take(fence);
    await read;
    const { port } = app.getHttpServer().address() as AddressInfo;
    const client = await WsTestClient.connect(`ws://127.0.0.1:${port}/ws`);
    cleanups.push(() => client.close());
    return client;
  }

  /** What was committed before the takeover is known. */
  function onceRead(recent: RecentChanges): Promise<void> {
    const incidents = recent.incidents.bind(recent);
    return new Promise((resolve) => {
      recent.incidents = async (...window) => {
        const found = await incidents(...window);
        resolve();
        return found;
      };
    });
  }

  /** Behind the greeting. */
  const told = (client: WsTestClient) => withoutHeartbeats(client.frames).slice(1);

  it('has them told by whoever takes the feed over, and by the next one again with the same keys', async () => {
    await commitAndDie([yellow], [yellow, change], [moved, change]);
    const first = await takeOver(2);
    const second = await takeOver(3);
    const incidents = [
      { type: 'CARD', matchId: 'm', time: 40, playerId: 'p5' },
      { type: 'SUBSTITUTION', matchId: 'm', inPlayerId: 'p3', outPlayerId: 'p4' },
      { type: 'CARD_CORRECTED', time: 41, playerId: 'p6', previousTime: 40, previousPlayerId: 'p5' },
    ];
    for (const client of [first, second]) {
      await eventually(() => told(client).length >= 3, { what: 'the three incidents' });
      expect(told(client)).toMatchObject(incidents);
    }
    const keys = (client: WsTestClient) => told(client).map(({ incidentKey }) => incidentKey);
    expect(new Set(keys(first)).size).toBe(3);
    expect(keys(second)).toEqual(keys(first));
  });

  it('owes nobody what was announced more than a minute before', async () => {
    await rows.sql.query(`UPDATE livescore_announced SET announced_at = now() - interval '61 seconds'`);
    const client = await takeOver(4);
    await commitAndDie([moved, change, { ...yellow, time: 80 }]);
    const later = await takeOver(5);
    await eventually(() => told(later).length >= 1, { what: 'the newest card' });
    expect([told(client), told(later)]).toMatchObject([[], [{ type: 'CARD', time: 80 }]]);
  });
});
