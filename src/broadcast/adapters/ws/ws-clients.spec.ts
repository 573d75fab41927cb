import { beforeEach, describe, expect, it } from '@jest/globals';
import { LiveWorld } from '../../../../test/support/live-world.js';
import { toldGoal } from '../../../../test/support/told.js';
import type { ClientFrame } from '../../ports/client-frame.js';
import type { Told } from '../../ports/told.js';
import { jsonFrame, PING_FRAME, textFrame } from './ws-frame.js';

const BEAT = {
  text: textFrame('{"type":"PING"}'),
  withPing: Buffer.concat([textFrame('{"type":"PING"}'), PING_FRAME]),
};
const big = (bytes: number) => jsonFrame({ type: 'X', filling: 'x'.repeat(bytes) });
const legacy = (type: string, matchId = 'm1') => ({ type, matchId }) as unknown as ClientFrame;
const goal = (version: number, types: readonly string[] = ['GOAL', 'SCORE_CHANGE', 'MINUTE_UPDATE']): Told => ({
  ...toldGoal({ version }),
  frames: types.map((type) => legacy(type)),
});

let world: LiveWorld;
beforeEach(() => {
  world = new LiveWorld();
  world.know('m1', 'm2');
});

describe('what is told within one turn', () => {
  it('reaches each client in one write, in order, each kind with what is for it', async () => {
    const [first, ticking, all, one] = [world.join('legacy'), world.join('ticking'), world.join(), world.join()];
    await world.subscribe(all, { all: true });
    await world.subscribe(one, { matches: ['m2'], competitions: ['c-m2'] });
    const fakes = [first, ticking, all, one];
    const before = fakes.map(({ socket }) => [socket.writes.length, socket.frames.length] as const);
    await world.tell(goal(2), goal(3), toldGoal({ matchId: 'm2', version: 2 }));
    const types = fakes.map(({ frames }, n) => frames.slice(before[n]?.[1]).map(({ type }) => type));
    expect(types).toEqual([
      ['GOAL', 'SCORE_CHANGE', 'MINUTE_UPDATE', 'GOAL', 'SCORE_CHANGE', 'MINUTE_UPDATE'],
      ['GOAL', 'SCORE_CHANGE', 'GOAL', 'SCORE_CHANGE'],
      ['CHANGE', 'CHANGE', 'CHANGE'],
      ['CHANGE'],
    ]);
    expect(fakes.map(({ socket }, n) => socket.writes.length - (before[n]?.[0] ?? 0))).toEqual([1, 1, 1, 1]);
  });

  it('is no news to a client that connects or subscribes in the same turn', async () => {
    const early = world.join();
    await world.subscribe(early, { all: true });
    world.feed.deliver([goal(2)], 'bus');
    const [late, old] = [world.join(), world.join('legacy')];
    await world.subscriptions.run(late.client, { type: 'SUBSCRIBE', matches: ['m1'] });
    await world.tell(goal(3, ['GOAL']));
    expect(late.frames.map(({ type, position, matches }) => [type, position ?? matches])).toEqual([
      ['SNAPSHOT', [expect.objectContaining({ position: '1.2' })]],
      ['CHANGE', '1.3'],
    ]);
    expect(old.frames.map(({ type }) => type)).toEqual(['GOAL']);
    expect(early.ofType('CHANGE').map(({ position }) => position)).toEqual(['1.2', '1.3']);
  });

  it('is not sent to a client that has unsubscribed, nor twice to one that follows it three times', async () => {
    const [gone, thrice] = [world.join(), world.join()];
    for (const fake of [gone, thrice]) {
      await world.subscribe(fake, { matches: ['m1'], competitions: ['c-m1'] });
      await world.subscribe(fake, { all: true });
    }
    world.feed.deliver([goal(2)], 'bus');
    world.clients.audience.remove(gone.client, {});
    await world.time.advance(0);
    expect([gone.ofType('CHANGE').length, thrice.ofType('CHANGE').length]).toEqual([0, 1]);
    world.clients.audience.remove(thrice.client, { all: true });
    await world.tell(goal(3), toldGoal({ matchId: 'm2', version: 2 }));
    expect(thrice.ofType('CHANGE').map(({ position }) => position)).toEqual(['1.2', '1.3']);
  });

  it('is sent in the first protocol no more, once a client speaks protocol 2', async () => {
    const client = world.join('legacy');
    await world.tell(goal(2, ['GOAL']));
    world.feed.deliver([goal(3, ['GOAL'])], 'bus');
    world.clients.becomeLive(client.client);
    await world.tell(goal(4, ['GOAL']));
    await world.subscribe(client, { matches: ['m1'] });
    await world.tell(goal(5, ['GOAL']));
    expect(client.frames.map(({ type }) => type)).toEqual(['GOAL', 'SNAPSHOT', 'CHANGE']);
    client.ws.gone();
    expect([world.clients.size, world.clients.anyLegacy]).toEqual([0, false]);
  });

  it('names the position that its clock stands beside, and not a later one', async () => {
    const client = world.join();
    await world.subscribe(client, { all: true });
    const clock = { ...(goal(1).version?.clock as NonNullable<Told['clock']>), addedAnnouncedMinutes: 3 };
    world.feed.deliver([{ matchId: 'm1', frames: [], clock }, goal(2)], 'bus');
    await world.time.advance(0);
    expect(client.frames.slice(1).map(({ type, position }) => [type, position])).toEqual([
      ['CLOCK', '1.1'],
      ['CHANGE', '1.2'],
    ]);
  });

  it('is shown whole to all who follow a match that becomes known', async () => {
    const fakes = [world.join(), world.join(), world.join()];
    const [byId, byCompetition, byAll] = fakes;
    if (!byId || !byCompetition || !byAll) throw new Error('Three joined');
    await world.subscribe(byId, { matches: ['new'] });
    await world.subscribe(byCompetition, { competitions: ['c-new'] });
    await world.subscribe(byAll, { all: true });
    await world.tell(toldGoal({ matchId: 'new', version: 1 }));
    const entry = world.board.get('new');
    const { version } = toldGoal({ matchId: 'new', version: 1 });
    if (!entry || !version) throw new Error('It is on the board');
    const beside = { competitionId: 'c-new', details: { cards: [], substitutions: [], predictions: [] } };
    world.feed.tellDetails([world.board.takeRow({ ...version, matchId: 'new', beside }, 0)]);
    await world.time.advance(0);
    expect(fakes.map(({ frames }) => frames.slice(1).map(({ type }) => type))).toEqual([
      ['CHANGE', 'SNAPSHOT'],
      ['SNAPSHOT'],
      ['CHANGE', 'SNAPSHOT'],
    ]);
  });
});

describe('clients that leave too much unread', () => {
  it('of the first protocol are cut off beyond their bound', async () => {
    world = new LiveWorld({ maxBufferedBytes: 2_048 });
    const slow = world.join('legacy');
    slow.socket.isReading = false;
    for (let n = 0; n < 4 && !slow.ws.terminated; n++) world.clients.sendLegacy(big(1_000), null);
    await world.time.advance(0);
    expect([world.cutOff, world.clients.slow, world.clients.size]).toEqual([['slow'], 1, 0]);
  });

  it('are not cut off for an answer that is larger than their bound', async () => {
    world = new LiveWorld({ maxBufferedBytes: 2_048, maxBufferedBytesTotal: 1_000_000 });
    const ids = Array.from({ length: 20 }, (_, n) => `m${n}`);
    world.know(...ids);
    const slow = world.join();
    slow.socket.isReading = false;
    await world.subscribe(slow, { all: true });
    expect(slow.client.unreadBytes).toBeGreaterThan(4_096);
    for (let n = 0; n < 2; n++) world.clients.beat([slow.client], BEAT);
    world.clients.send(slow.client, jsonFrame({ type: 'PONG' }));
    await world.tell(toldGoal({ matchId: 'm3', version: 2 }));
    expect([world.cutOff, slow.ws.terminated]).toEqual([[], false]);
    slow.socket.isReading = true;
    slow.socket.read();
    expect(slow.frames.map(({ type }) => type)).toEqual(['SNAPSHOT', 'PING', 'PING', 'PONG', 'CHANGE']);
    // one that never reads may not ask for more and more
    slow.socket.isReading = false;
    for (let n = 0; n < 5; n++) world.clients.answer(slow.client, big(10_000));
    expect(world.cutOff).toEqual(['slow']);
  });

  it('all together: those with the most go first, and each is counted once', async () => {
    world = new LiveWorld({ maxBufferedBytes: 10_000, maxBufferedBytesTotal: 20_000 });
    const fakes = Array.from({ length: 10 }, () => world.join('legacy'));
    for (const { socket } of fakes) socket.isReading = false;
    for (const fake of fakes.slice(0, 3)) world.clients.send(fake.client, big(4_000));
    world.clients.sendLegacy(big(1_000), null);
    world.clients.sendLegacy(big(10), null);
    expect(fakes.map(({ ws }) => ws.terminated)).toEqual([true, true, ...Array(8).fill(false)]);
    await world.time.advance(0);
    expect([world.cutOff, world.clients.slow, world.clients.size]).toEqual([['slow-together', 'slow-together'], 2, 8]);
  });
});

describe('heartbeats', () => {
  it('ask for a sign of life those who said nothing, and cut off who gives none', async () => {
    const [silent, talking] = [world.join('legacy'), world.join('legacy')];
    for (let n = 0; n < 6; n++) {
      talking.ws.emit('message', Buffer.from('{}'));
      world.clients.beat([silent.client, talking.client], BEAT);
    }
    await world.time.advance(0);
    expect([silent.socket.pings, silent.ws.terminated, talking.socket.pings, talking.ws.terminated]).toEqual([
      2,
      true,
      0,
      false,
    ]);
    expect([world.cutOff, world.clients.dead]).toEqual([['dead'], 1]);
  });

  it('go on for who answers', () => {
    const client = world.join('legacy');
    for (let n = 0; n < 10; n++) {
      world.clients.beat([client.client], BEAT);
      client.ws.emit('pong');
    }
    expect([client.ws.terminated, client.ofType('PING').length]).toEqual([false, 10]);
  });
});
