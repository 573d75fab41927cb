import { describe, expect, it } from '@jest/globals';
import { boardRow, LiveWorld, type WorldParts } from '../../../../test/support/live-world.js';
import { ScriptedJournal } from '../../../../test/support/scripted-journal.js';
import { toldGoal } from '../../../../test/support/told.js';
import { FakeClock } from '../../../testing/fake-clock.js';
import { InMemoryBoardStore } from '../../../testing/index.js';
import type { VersionTold } from '../../ports/told.js';
import { type After, VersionHistory } from '../../ports/version-history.js';

/** What happens while it is asked comes before the answer. */
class History extends VersionHistory {
  readonly asked: (readonly After[])[] = [];

  constructor(private readonly answer: () => Promise<readonly VersionTold[]>) {
    super();
  }

  override async after(wanted: readonly After[]): Promise<ReadonlyMap<string, readonly VersionTold[]>> {
    this.asked.push(wanted);
    const versions = await this.answer();
    return new Map(wanted.map(({ matchId }) => [matchId, versions]));
  }
}

const versions = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, n) => toldGoal({ version: first + n }).version as VersionTold);
const shown = ({ matches }: Readonly<Record<string, unknown>>) => matches as { matchId: string; position: string }[];
const never = () => new Promise<never>(() => undefined);

/** m1 is at version 9; of its versions memory holds the last three. */
async function worldWith(parts: WorldParts = {}): Promise<LiveWorld> {
  const world = new LiveWorld({ replayVersions: 3 }, parts);
  world.know('m1', 'm2');
  for (const version of [2, 3, 4, 5, 6, 7, 8, 9]) await world.tell(toldGoal({ version }));
  return world;
}

describe('SUBSCRIBE', () => {
  it.each([
    ['without positions', { matches: ['m1', 'm2', 'nobody'] }, ['1.9', '1.1'], true, ['nobody']],
    ['with the newest', { matches: ['m1'], since: { m1: '1.9' } }, [], true, []],
    ['from behind', { matches: ['m1'], since: { m1: '1.3' } }, ['1.9'], true, []],
    ['of everything, from behind', { all: true as const, since: { m1: '1.3', m2: '1.1' } }, ['1.9'], true, []],
    ['of a competition', { competitions: ['c-m2'] }, ['1.1'], true, []],
    ['from a position that nobody has', { matches: ['m1'], since: { m1: '1.10' } }, ['1.9'], false, []],
    ['from another life of the row', { matches: ['m1'], since: { m1: '0.9' } }, ['1.9'], false, []],
    ['for all changes, with none to ask', { matches: ['m1'], since: { m1: '1.3' }, replay: true }, ['1.9'], false, []],
  ])('%s is answered', async (_name, message, positions, recovered, unknown) => {
    const world = await worldWith();
    const client = world.join();
    await world.subscribe(client, message);
    expect(client.frames).toHaveLength(1);
    expect(client.frames[0]).toMatchObject({ type: 'SNAPSHOT', recovered, unknown });
    expect(client.frames.flatMap((frame) => shown(frame)).map(({ position }) => position)).toEqual(positions);
  });

  it('adds to what was asked for, and does not send again what is followed already', async () => {
    const world = await worldWith();
    const client = world.join();
    await world.subscribe(client, { id: 'a', matches: ['m1'], since: { m1: '1.9' } });
    await world.subscribe(client, { id: 'b', all: true });
    await world.subscribe(client, { id: 'c', matches: ['m2'] });
    expect(client.frames.map(({ id, matches }) => [id, shown({ matches }).map((one) => one.matchId)])).toEqual([
      ['a', []],
      ['b', ['m2']],
      ['c', ['m2']],
    ]);
  });

  it('for more names than are allowed takes none of them', async () => {
    const world = new LiveWorld({ maxSubscriptions: 3 });
    world.know('m1');
    const client = world.join();
    await world.subscribe(client, { matches: ['m1', 'a'] });
    await expect(world.subscribe(client, { matches: ['m1', 'b'], competitions: ['c'] })).rejects.toMatchObject({
      code: 'TOO_MANY_SUBSCRIPTIONS',
    });
    expect([...client.client.matches]).toEqual(['m1', 'a']);
    await world.subscribe(client, { matches: ['m1', 'b'] });
    expect(client.client.matches.size).toBe(3);
  });

  it('for all changes brings each, from memory', async () => {
    const world = await worldWith();
    const client = world.join();
    await world.subscribe(client, { matches: ['m1'], since: { m1: '1.7' }, replay: true });
    expect(client.frames.map(({ type, position, replayed }) => [type, position, replayed])).toEqual([
      ['SNAPSHOT', undefined, undefined],
      ['CHANGE', '1.8', true],
      ['CHANGE', '1.9', true],
      ['DETAILS', undefined, undefined],
    ]);
  });

  it('for all changes brings each, though more are told while the journal is read', async () => {
    let world: LiveWorld | null = null;
    const history = new History(async () => {
      await world?.tell(toldGoal({ version: 10 }), toldGoal({ version: 11 }));
      return versions(3, 9);
    });
    world = await worldWith({ history });
    const client = world.join();
    await world.subscribe(client, { matches: ['m1'], since: { m1: '1.2' }, replay: true });
    await world.tell(toldGoal({ version: 12 }));
    expect(client.frames[0]).toMatchObject({ recovered: true, matches: [] });
    expect(client.ofType('CHANGE').map(({ position }) => position)).toEqual(
      Array.from({ length: 10 }, (_, n) => `1.${n + 3}`),
    );
  });

  it.each([
    ['fails', () => Promise.reject(new Error('away'))],
    ['does not answer', never],
  ])('for all changes is refused while the journal %s', async (_name, answer) => {
    const world = await worldWith({ history: new History(answer) });
    const client = world.join();
    const asked = world.subscribe(client, { matches: ['m1'], since: { m1: '1.2' }, replay: true });
    await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(client.frames).toEqual([]);
  });

  it.each([['has a hole', async () => [...versions(3, 4), ...versions(6, 9)]]])(
    'for all changes shows the newest state where the journal %s',
    async (_name, answer) => {
      const world = await worldWith({ history: new History(answer) });
      const client = world.join();
      await world.subscribe(client, { matches: ['m1'], since: { m1: '1.2' }, replay: true });
      expect(client.frames).toHaveLength(1);
      expect(client.frames[0]).toMatchObject({ recovered: false, matches: [{ position: '1.9' }] });
    },
  );

  it('reads matches that nobody asked for yet', async () => {
    const store = new InMemoryBoardStore(new FakeClock());
    store.put(boardRow('old', 5));
    const world = new LiveWorld({}, { store });
    const client = world.join();
    await world.subscribe(client, { matches: ['old', 'nobody'] });
    expect(client.frames[0]).toMatchObject({ matches: [{ matchId: 'old', position: '1.5' }], unknown: ['nobody'] });
  });

  it('is refused while the database cannot be asked, and nothing of it is kept', async () => {
    const store = new InMemoryBoardStore(new FakeClock());
    store.answer = never;
    const world = new LiveWorld({}, { store });
    const client = world.join();
    await expect(world.subscribe(client, { matches: ['old'] })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect([client.client.matches.size, client.frames.length]).toEqual([0, 0]);
  });

  it('of a client that leaves meanwhile is forgotten', async () => {
    const store = new InMemoryBoardStore(new FakeClock());
    store.put(boardRow('old', 5));
    const world = new LiveWorld({}, { store });
    const client = world.join();
    store.answer = async () => client.ws.gone();
    await world.subscribe(client, { matches: ['old'], all: true });
    expect([client.frames.length, world.clients.audience.hasListeners('old', 'c-old')]).toEqual([0, false]);
  });

  it('waits for what another instance told the client, and this one was not told yet', async () => {
    const missing = new ScriptedJournal((matchId) => {
      queueMicrotask(() => missing.answer(matchId, [toldGoal({ version: 10 })]));
    });
    const world = await worldWith({ missing });
    const client = world.join();
    await world.subscribe(client, { matches: ['m1'], since: { m1: '1.10' } });
    expect(client.frames).toMatchObject([{ recovered: true, matches: [] }]);
  });
});
