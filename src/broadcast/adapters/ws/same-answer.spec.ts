import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeWsClient } from '../../../../test/support/fake-ws-client.js';
import { LiveWorld } from '../../../../test/support/live-world.js';
import { toldGoal } from '../../../../test/support/told.js';
import type { SubscribeMessage } from '../../ports/match-frames.js';
import { type Owed, SameAnswer } from './same-answer.js';

const message: SubscribeMessage = { type: 'SUBSCRIBE', all: true, since: { m1: '1.1', m2: '1.1' } };
const nothing: Owed = { entries: [], further: [], recovered: true, unknown: [] };

describe('SameAnswer', () => {
  let world: LiveWorld;
  let same: SameAnswer;
  let judged: number;

  beforeEach(() => {
    world = new LiveWorld();
    world.know('m1', 'm2');
    same = new SameAnswer(world.board, world.scheduler);
    judged = 0;
  });

  const ask = (asked = message, client = new FakeWsClient('c', 'live').client, owed: Partial<Owed> = {}) =>
    same.owedTo(client, asked, () => {
      judged += 1;
      return { ...nothing, ...owed };
    });

  it('is judged once for all who say the same to the same board', () => {
    const first = ask();
    for (let n = 0; n < 5; n++) expect(ask()).toBe(first);
    expect(judged).toBe(1);
  });

  it('is judged again once the board shows something else', async () => {
    ask();
    await world.tell(toldGoal({ matchId: 'm1', version: 2 }));
    ask();
    expect(judged).toBe(2);
  });

  it('is judged again after a while: what is current goes by the clock', async () => {
    ask();
    await world.time.advance(1_000);
    ask();
    expect(judged).toBe(2);
  });

  it('is judged for each message that is another one, even with the same words', () => {
    ask();
    ask({ ...message });
    expect(judged).toBe(2);
  });

  it('is judged for each client that follows something or missed something here', () => {
    ask();
    const following = new FakeWsClient('f', 'live').client;
    world.clients.audience.add(following, { matches: ['m1'] });
    ask(message, following);
    ask();
    expect(judged).toBe(2);
  });

  it('is judged for each client that wants every version', () => {
    const replay = { ...message, replay: true };
    for (let n = 0; n < 3; n++) ask(replay);
    expect(judged).toBe(3);
  });

  it('is not kept with frames that tell their time, nor with matches that nobody knows yet', () => {
    const further = [Buffer.from('{}')];
    for (let n = 0; n < 2; n++) ask(message, undefined, { further });
    const early = { ...message, since: { m3: '1.1' } };
    for (let n = 0; n < 2; n++) ask(early);
    expect(judged).toBe(4);
  });

  it('tells clients that come back together the newest state, whatever was told between them', async () => {
    const shown: unknown[] = [];
    for (const version of [2, 2, 3, 3, 3]) {
      await world.tell(toldGoal({ matchId: 'm1', version }));
      const client = world.join();
      const answered = world.subscriptions.run(client.client, message);
      await world.time.advance(10);
      await answered;
      shown.push(client.frames.map(({ matches }) => matches));
    }
    const m1 = (position: string) => [[expect.objectContaining({ matchId: 'm1', position })]];
    expect(shown).toEqual([m1('1.2'), m1('1.2'), m1('1.3'), m1('1.3'), m1('1.3')]);
  });
});
