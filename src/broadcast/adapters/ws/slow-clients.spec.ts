import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FakeWsClient } from '../../../../test/support/fake-ws-client.js';
import { LiveWorld } from '../../../../test/support/live-world.js';
import { cases } from '../../../../test/support/long-form.js';
import { toldGoal } from '../../../../test/support/told.js';
import { textFrame } from './ws-frame.js';

const CONFLATE = 1_024;

/** A client of m1 and m2 that has read everything so far and reads nothing more. */
async function behind(options: ConstructorParameters<typeof LiveWorld>[0] = {}) {
  const world = new LiveWorld({ conflateBeyondBytes: CONFLATE, ...options });
  world.know('m1', 'm2');
  const slow = world.join();
  await world.subscribe(slow, { matches: ['m1', 'm2'] });
  slow.socket.isReading = false;
  let version = 1;
  const goals = async (count: number, matchId = 'm1') => {
    for (let n = 0; n < count; n++) await world.tell(toldGoal({ matchId, version: ++version }));
  };
  return { world, slow, goals };
}

const changes = (client: FakeWsClient) =>
  client
    .ofType('CHANGE')
    .map(({ matchId, previous, position, conflated, restated }) =>
      [matchId, previous, position, ...(conflated ? ['conflated'] : []), ...(restated ? ['restated'] : [])].join(' '),
    );

describe('a client of protocol 2 that reads slowly', () => {
  it('is sent the newest state, from the last position that it was sent, when it has read everything', async () => {
    const { world, slow, goals } = await behind();
    await goals(3);
    const before = slow.client.unreadBytes;
    await goals(20);
    expect(slow.client.unreadBytes).toBe(before);
    slow.socket.isReading = true;
    slow.socket.read();
    expect(changes(slow)).toEqual(['m1 1.1 1.2', 'm1 1.2 1.3', 'm1 1.3 1.24 conflated']);
    await goals(1);
    expect(changes(slow).at(-1)).toBe('m1 1.24 1.25');
    expect(world.tooSlow).toEqual([]);
  });

  it('is told one missed version as it was, of each match that moved', async () => {
    const { world, slow, goals } = await behind();
    await goals(2);
    await world.tell(toldGoal({ version: 4 }), toldGoal({ matchId: 'm2', version: 2 }));
    slow.socket.isReading = true;
    slow.socket.read();
    expect(changes(slow)).toEqual(['m1 1.1 1.2', 'm1 1.2 1.3', 'm1 1.3 1.4', 'm2 1.1 1.2']);
    expect(slow.ofType('CHANGE').at(-1)?.events).toHaveLength(1);
  });

  it('is told cards and the clock that changed meanwhile, after the state', async () => {
    const { world, slow, goals } = await behind();
    await goals(2);
    const clock = { ...(toldGoal({ version: 1 }).version?.clock as NonNullable<object>), addedAnnouncedMinutes: 3 };
    await world.tell({ matchId: 'm2', frames: [], clock } as Parameters<LiveWorld['tell']>[0]);
    const cards = [{ key: 'k', cardType: 'RED', time: 9, team: 'home', playerId: null, playerName: null }] as const;
    const entry = world.board.get('m1');
    if (!entry) throw new Error('m1 is on the board');
    world.feed.tellDetails([{ entry, isFirst: false, details: { cards } }]);
    await goals(1);
    slow.socket.isReading = true;
    slow.socket.read();
    expect(slow.frames.slice(-3).map(({ type, matchId }) => [type, matchId])).toEqual([
      ['CHANGE', 'm1'],
      ['DETAILS', 'm1'],
      ['CLOCK', 'm2'],
    ]);
    expect(slow.frames.at(-1)).toMatchObject({ position: '1.1', clock: { addedAnnouncedMinutes: 3 } });
  });

  it('is shown a match anew that was set back meanwhile', async () => {
    const { world, slow, goals } = await behind();
    await goals(4);
    const { version } = toldGoal({ version: 2 });
    if (!version) throw new Error('A goal has a version');
    const beside = { competitionId: 'c-m1', details: { cards: [], substitutions: [], predictions: [] } };
    world.feed.restored([{ ...version, matchId: 'm1', beside }]);
    await world.time.advance(0);
    slow.socket.isReading = true;
    slow.socket.read();
    expect(slow.frames.at(-1)).toMatchObject({ type: 'SNAPSHOT', recovered: false, matches: [{ position: '1.2' }] });
  });

  it('is told of a row that was restated meanwhile', async () => {
    const { world, slow, goals } = await behind();
    await goals(2);
    const goal = toldGoal({ version: 3 });
    if (!goal.version) throw new Error('A goal has a version');
    const { version } = goal;
    const restated = { ...version, previous: version.position, state: { ...version.state, awayScore: 9 } };
    await world.tell({ ...goal, version: restated });
    slow.socket.isReading = true;
    slow.socket.read();
    expect(changes(slow).at(-1)).toBe('m1 1.3 1.3 restated');
    expect(slow.ofType('CHANGE').at(-1)).toMatchObject({ awayScore: 9 });
  });

  it('is not told of a match that it does not follow any more', async () => {
    const { world, slow, goals } = await behind();
    await goals(5);
    await world.tell(toldGoal({ matchId: 'm2', version: 2 }));
    world.clients.audience.remove(slow.client, { matches: ['m1'] });
    const before = changes(slow).length;
    slow.socket.isReading = true;
    slow.socket.read();
    expect(changes(slow).slice(before)).toEqual(['m1 1.1 1.2', 'm1 1.2 1.3', 'm2 1.1 1.2']);
  });

  it('is not told once more what an answer brought meanwhile', async () => {
    const { world, slow, goals } = await behind();
    await goals(5);
    await world.subscribe(slow, { id: 'again', matches: ['m1'] });
    slow.socket.isReading = true;
    slow.socket.read();
    expect(changes(slow)).toEqual(['m1 1.1 1.2', 'm1 1.2 1.3']);
    expect(slow.frames.at(-1)).toMatchObject({ type: 'SNAPSHOT', id: 'again', matches: [{ position: '1.6' }] });
    await goals(1);
    expect(changes(slow).at(-1)).toBe('m1 1.6 1.7');
  });

  it('takes what waits in portions, as fast as it reads', async () => {
    const world = new LiveWorld({ conflateBeyondBytes: CONFLATE });
    const ids = Array.from({ length: 30 }, (_, n) => `m${n}`);
    world.know(...ids);
    const slow = world.join();
    await world.subscribe(slow, { all: true });
    slow.socket.isReading = false;
    for (const version of [2, 3]) await world.tell(...ids.map((matchId) => toldGoal({ matchId, version })));
    let portions = 0;
    for (; slow.client.unreadBytes > 0 || slow.client.backlog; portions++) {
      slow.socket.read();
      expect(slow.client.unreadBytes).toBeLessThan(3 * CONFLATE);
    }
    expect(portions).toBeGreaterThan(5);
    for (const id of ids)
      expect(
        changes(slow)
          .filter((text) => text.startsWith(`${id} `))
          .at(-1),
      ).toContain(' 1.3');
  });

  it.each([
    ['that is left', 28_000, 0],
    ['that is over', 32_000, 1],
  ])('gets 30 s, and a little more by what is unread: time %s', async (_name, afterMs, ended) => {
    const { world, slow, goals } = await behind();
    await goals(5);
    await world.time.advance(afterMs);
    world.clients.beat([slow.client], { text: textFrame('{}'), withPing: textFrame('{}') });
    expect(world.tooSlow).toHaveLength(ended);
  });

  it('is asked for no sign of life meanwhile, and not counted dead', async () => {
    const { world, slow, goals } = await behind();
    await goals(5);
    for (let n = 0; n < 5; n++) world.clients.beat([slow.client], { text: textFrame('{}'), withPing: textFrame('{}') });
    expect([world.cutOff, slow.socket.pings, slow.ws.terminated]).toEqual([[], 0, false]);
  });

  it('is sent nothing once it is closing', async () => {
    const { world, slow, goals } = await behind();
    await goals(5);
    const { length } = slow.frames;
    slow.ws.close(1000, '');
    slow.socket.isReading = true;
    slow.socket.read();
    await world.tell(toldGoal({ version: 7 }));
    expect(slow.frames.slice(length).map(({ position }) => position)).toEqual(['1.2', '1.3']);
    slow.ws.gone();
    expect([world.clients.size, world.clients.audience.hasListeners('m1', 'c-m1')]).toEqual([0, false]);
  });
});

type Step = { readonly goals: readonly ('m1' | 'm2')[] } | 'read' | 'stop' | 'leave' | 'back';
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      goals: fc.array(fc.constantFrom<('m1' | 'm2')[]>('m1', 'm2'), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom<Step[]>('read', 'stop', 'leave', 'back') },
);

describe('however a client reads, leaves matches and comes back to them', () => {
  it('each change continues what it was sent before, none comes twice, and the end is right', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const world = new LiveWorld({ conflateBeyondBytes: CONFLATE });
        world.know('m1', 'm2');
        const fake = world.join();
        await world.subscribe(fake, { matches: ['m1', 'm2'] });
        const versions = { m1: 1, m2: 1 };
        for (const one of steps) {
          if (one === 'stop') fake.socket.isReading = false;
          else if (one === 'leave') world.clients.audience.remove(fake.client, { matches: ['m1'] });
          else if (one === 'back') await world.subscribe(fake, { matches: ['m1'] });
          else if (one === 'read') {
            fake.socket.isReading = true;
            fake.socket.read();
          } else await world.tell(...one.goals.map((matchId) => toldGoal({ matchId, version: ++versions[matchId] })));
        }
        await world.subscribe(fake, { matches: ['m1'] });
        fake.socket.isReading = true;
        fake.socket.read();
        const at = new Map<unknown, number>();
        const number = (position: unknown) => Number(String(position).slice(2));
        for (const { type, matches, matchId, previous, position, conflated } of fake.frames) {
          if (type === 'SNAPSHOT') {
            for (const view of matches as { matchId: string; position: string }[]) {
              expect(number(view.position)).toBeGreaterThanOrEqual(at.get(view.matchId) ?? 0);
              at.set(view.matchId, number(view.position));
            }
          }
          if (type !== 'CHANGE') continue;
          expect(number(previous)).toBe(at.get(matchId));
          expect(number(position)).toBeGreaterThan(number(previous));
          expect(conflated ?? false).toBe(number(position) > number(previous) + 1);
          at.set(matchId, number(position));
        }
        expect(Object.fromEntries(at)).toEqual(versions);
      }),
      { seed: 15, numRuns: cases(150, 5_000) },
    );
  });
});
