import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { WebSocketServer } from 'ws';
import { AfterCommitModule } from '../../src/after-commit/after-commit.module.js';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { BroadcastStats } from '../../src/broadcast/ports/broadcast-stats.js';
import type { ClientFrame } from '../../src/broadcast/ports/client-frame.js';
import { LegacyBroadcastPort } from '../../src/broadcast/ports/legacy-broadcast.js';
import { type Committed, CommittedChanges } from '../../src/contracts/committed-changes.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { SAMPLE_NOW_MS, scoreCommitted, slots } from '../support/committed-changes.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { type IsMadeUp, WsTestClient } from '../support/ws-client.js';
import { hostModule } from './legacy-callers-app.js';

guardAgainstLeaks();

const ID = 'l7oqdehg6ko3r51';
const SCORED = [{ type: 'score-changed', homeScore: 2, awayScore: 1 }] as const;
const DIRECT = scoreCommitted({ home: slots(2) }, SCORED);

/** The platform's `/ws`: it sends what its own handler and `broadcastEvent` give it to every client. */
class HostSocket extends LegacyBroadcastPort {
  readonly server = new WebSocketServer({ noServer: true });
  readonly received: (number | null)[] = [];

  attach(app: INestApplication): void {
    app.getHttpServer().on('upgrade', (request: never, socket: never, head: never) => {
      this.server.handleUpgrade(request, socket, head, (ws) => ws.send('{"type":"CONNECTED_FROM_HANDLER"}'));
    });
  }

  override broadcast(event: ClientFrame | { type: string; matchId: string }, mqttReceivedTs: number | null): void {
    this.received.push(mqttReceivedTs);
    for (const client of this.server.clients) client.send(JSON.stringify(event));
  }
}

const ofTheHost: IsMadeUp = ({ type, matchId }) => type === 'CONNECTED_FROM_HANDLER' || matchId === 'legacy-match';

let app: INestApplication | undefined;
let closeClients: () => void = () => undefined;
afterEach(async () => {
  closeClients();
  await app?.close();
  app = undefined;
});

async function start(broadcaster: LegacyBroadcastPort): Promise<(...changes: Committed[]) => void> {
  @Module({
    imports: [
      hostModule({ provide: LegacyBroadcastPort, useValue: broadcaster }),
      BroadcastModule.forRoot({}),
      AfterCommitModule,
    ],
  })
  class Host {}
  const module = await Test.createTestingModule({ imports: [Host] }).compile();
  app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  const changes = module.get(CommittedChanges);
  return (...batch) => changes.publish(batch);
}

describe("a host's own broadcaster", () => {
  it('has one socket for the matches of both paths', async () => {
    const socket = new HostSocket();
    const commit = await start(socket);
    const host = app as INestApplication;
    socket.attach(host);
    const { port } = host.getHttpServer().address() as AddressInfo;
    const client = await WsTestClient.connect(`ws://127.0.0.1:${port}/ws`, ofTheHost);
    closeClients = () => client.socket.terminate();
    socket.broadcast({ type: 'MATCH_STATE_CHANGE', matchId: 'legacy-match' }, SAMPLE_NOW_MS);
    commit(DIRECT);
    await client.next('SCORE_CHANGE');
    expect(client.frames).toMatchObject([
      { type: 'CONNECTED_FROM_HANDLER' },
      { type: 'MATCH_STATE_CHANGE', matchId: 'legacy-match' },
      { type: 'SCORE_CHANGE', matchId: ID, homeScore: 2, version: 12, epoch: 1, source: 'mqtt' },
    ]);
    expect(socket.received).toEqual([SAMPLE_NOW_MS, DIRECT.receivedAtMs]);
    const stats = host.get(BroadcastStats);
    expect([stats.endpoint, stats.counts().totalConnections]).toEqual([null, 0]);
  });

  it('is told the receipt of MQTT frames only', async () => {
    const socket = new HostSocket();
    const commit = await start(socket);
    const card = { type: 3, position: 1, time: 12 };
    commit(scoreCommitted({ home: slots(2) }, SCORED, { source: 'api' }));
    commit({ kind: 'incidents', matchId: ID, fresh: [card], corrected: [], receivedAtMs: 1, committedAtMs: 2 });
    expect(socket.received).toEqual([null, null]);
  });

  it('that throws or rejects harms nothing: every frame is offered, and counted when it was taken', async () => {
    const offered: string[] = [];
    const results = [
      () => {
        throw new Error('the socket is broken');
      },
      () => Promise.reject(new Error('the socket is broken')),
      () => new Promise(() => undefined),
    ];
    const commit = await start({
      broadcast: ({ matchId }) => {
        offered.push(matchId);
        return results.shift()?.() as never;
      },
    });
    const ids = ['a', 'b', 'c', 'd'];
    commit(...ids.map((matchId) => scoreCommitted({ matchId, home: slots(2) }, SCORED)));
    expect(offered).toEqual(ids);
    const sent = (await app?.get(LiveScoreMetrics).framesSent.get())?.values;
    expect(sent).toMatchObject([{ labels: { type: 'SCORE_CHANGE' }, value: 3 }]);
  });
});
