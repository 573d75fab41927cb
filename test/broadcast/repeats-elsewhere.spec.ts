import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { BroadcastFeed } from '../../src/broadcast/broadcast-feed.js';
import { scoreCommitted, slots } from '../support/committed-changes.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const goal = (version: number) =>
  scoreCommitted({ matchId: 'm1', version, home: slots(version) }, [
    { type: 'score-changed', homeScore: version, awayScore: 0 },
  ]);

it('who connects after another process told a goal again hears the later ones behind it', async () => {
  const module = await Test.createTestingModule({ imports: [BroadcastModule.forRoot()] }).compile();
  const app = module.createNestApplication(new ExpressAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  const feed = app.get(BroadcastFeed);
  feed.deliver(feed.toldOf([goal(12)], { again: true }), 'bus');
  feed.deliver(feed.toldOf([goal(13)]), 'bus');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const client = await WsTestClient.connect(`ws://127.0.0.1:${port}/ws`);
  await eventually(() => client.ofType('SCORE_CHANGE').length === 2, { what: 'both goals' });
  expect(client.ofType('SCORE_CHANGE').map(({ version }) => version)).toEqual([12, 13]);
  await app.close();
});
