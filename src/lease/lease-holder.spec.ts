import { describe, expect, it } from '@jest/globals';
import { LeaseProcesses } from '../../test/lease/lease-processes.js';

const TTL_MS = 6_000;

describe('two processes that want the feed', () => {
  it('the first to ask holds it and keeps it, the other stands by', async () => {
    const world = new LeaseProcesses();
    const [a, b] = [world.start('a'), world.start('b')];
    await world.advance(60_000);
    expect([a.holder.term, a.holder.confirmed]).toEqual([{ fence: 1, clientId: world.lease.clientId }, true]);
    expect([b.holder.term, b.holder.confirmed]).toEqual([null, false]);
    expect(a.told).toEqual([null, 1]);
    expect(b.told).toEqual([null]);
  });

  it('a release hands over at the next question of the other, with the next fence', async () => {
    const world = new LeaseProcesses();
    const [a, b] = [world.start('a'), world.start('b')];
    await world.advance(10_000);
    await world.stop(a);
    expect(a.told).toEqual([null, 1, null]);
    await world.advance(TTL_MS / 3 + 250);
    expect(b.told).toEqual([null, 2]);
  });

  it('a killed holder is followed when its term ends, at most the ttl after its last renewal', async () => {
    const world = new LeaseProcesses();
    const [a, b] = [world.start('a'), world.start('b')];
    await world.advance(11_111);
    world.kill(a);
    await world.advance(TTL_MS + 120);
    expect([a.holder.confirmed, b.holder.confirmed, b.holder.term?.fence]).toEqual([false, true, 2]);
  });

  it('three processes hand it on one after the other', async () => {
    const world = new LeaseProcesses();
    const processes = ['a', 'b', 'c'].map((name) => world.start(name));
    const fences: (number | undefined)[] = [];
    for (const _ of processes) {
      await world.advance(20_000);
      const holders = processes.filter(({ holder }) => holder.confirmed);
      expect(holders).toHaveLength(1);
      fences.push(holders[0]?.holder.term?.fence);
      await world.stop(holders[0] as (typeof processes)[number]);
    }
    expect(fences).toEqual([1, 2, 3]);
  });
});

describe('a process that starts again', () => {
  it('takes the lease from its former self at once', async () => {
    const world = new LeaseProcesses();
    const former = world.start('a');
    await world.advance(1_000);
    world.kill(former);
    const again = world.start('a');
    await world.advance(0);
    expect(again.told).toEqual([null, 2]);
  });

  it('takes it once: two processes of one name do not take turns', async () => {
    const world = new LeaseProcesses();
    const first = world.start('same');
    await world.advance(5_000);
    const second = world.start('same');
    await world.advance(600_000);
    expect(first.told).toEqual([null, 1, null]);
    expect(second.told).toEqual([null, 2]);
  });

  it('still takes it when its first questions were not answered', async () => {
    const world = new LeaseProcesses();
    const first = world.start('a');
    await world.advance(1_000);
    world.kill(first);
    const again = world.start('a', { fault: 'refused' });
    await world.advance(700);
    again.store.fault = null;
    await world.advance(600);
    expect(again.told).toEqual([null, 2]);
  });
});

describe('while the database is away', () => {
  it('the term stays, unconfirmed after the ttl; it comes back with the same fence when nobody took it', async () => {
    const world = new LeaseProcesses();
    const a = world.start('a');
    await world.advance(TTL_MS / 3);
    a.store.fault = 'refused';
    await world.advance(TTL_MS - 2_500);
    expect(a.holder.confirmed).toBe(true);
    await world.advance(2_500);
    expect([a.holder.term?.fence, a.holder.confirmed]).toEqual([1, false]);
    await world.advance(600_000);
    expect(a.told).toEqual([null, 1]);
    a.store.fault = null;
    await world.advance(1_000);
    expect([a.holder.confirmed, a.told]).toEqual([true, [null, 1, 1]]);
  });

  it('for one process only: the other takes over, and the first learns it with the first answer', async () => {
    const world = new LeaseProcesses();
    const [a, b] = [world.start('a'), world.start('b')];
    await world.advance(TTL_MS);
    a.store.fault = 'refused';
    await world.advance(TTL_MS + 120);
    expect([a.holder.term?.fence, a.holder.confirmed]).toEqual([1, false]);
    expect([b.holder.term?.fence, b.holder.confirmed]).toEqual([2, true]);
    a.store.fault = null;
    await world.advance(TTL_MS / 2 + 100);
    expect([a.told, b.told]).toEqual([
      [null, 1, null],
      [null, 2],
    ]);
  });

  it('a taking that was not answered blocks nobody for longer than its term', async () => {
    const world = new LeaseProcesses();
    const [a, b] = [world.start('a'), world.start('b')];
    await world.advance(10_000);
    b.store.fault = 'answer-lost';
    await world.stop(a);
    await world.advance(TTL_MS / 3 + 250);
    expect([world.lease.holder, b.holder.term]).toEqual(['b', null]);
    b.store.fault = null;
    await world.advance(TTL_MS + 200);
    expect(b.told).toEqual([null, 3]);
  });

  it('an answer that comes late counts as of the question', async () => {
    const world = new LeaseProcesses();
    const a = world.start('a', { delayMs: () => 1_900 });
    await world.advance(3_799);
    expect(a.holder.term).toBeNull();
    await world.advance(2);
    expect(a.holder.confirmed).toBe(true);
    a.store.fault = 'refused';
    await world.advance(2_200);
    expect(a.holder.confirmed).toBe(false);
  });
});

describe('a doubted term', () => {
  it('is not confirmed until the database said so again, at once', async () => {
    const world = new LeaseProcesses();
    const a = world.start('a');
    await world.advance(5_000);
    a.holder.doubt();
    expect(a.holder.confirmed).toBe(false);
    await world.advance(101);
    expect([a.holder.confirmed, a.told]).toEqual([true, [null, 1, 1]]);
  });

  it('is given up when the lease is somebody else’s', async () => {
    const world = new LeaseProcesses();
    const a = world.start('a');
    await world.advance(5_000);
    Object.assign(world.lease, { holder: 'b', fence: 7 });
    a.holder.doubt();
    await world.advance(101);
    expect(a.told).toEqual([null, 1, null]);
  });

  it('is asked about ten times a second at most, however often it is doubted', async () => {
    const world = new LeaseProcesses();
    const a = world.start('a');
    await world.advance(5_000);
    const before = a.store.statements;
    for (let n = 0; n < 100; n++) {
      a.holder.doubt();
      await world.advance(10);
    }
    expect(a.store.statements - before).toBeLessThanOrEqual(11);
  });
});

describe('the end', () => {
  it('is not held up by a database that does not answer', async () => {
    const world = new LeaseProcesses();
    const a = world.start('a');
    await world.advance(1_000);
    a.store.fault = 'silent';
    await world.stop(a);
    expect(a.told).toEqual([null, 1, null]);
    expect(world.time.waiting).toBe(0);
  });

  it('leaves nothing behind, also before the start and twice', async () => {
    const world = new LeaseProcesses();
    const a = world.start('a');
    const never = world.start('never', { bootstrap: false });
    await world.stop(never);
    await world.stop(a);
    await world.stop(a);
    await world.advance(60_000);
    expect([world.time.waiting, world.lease.expiresAtMs]).toEqual([0, Number.NEGATIVE_INFINITY]);
  });

  it('is counted, with what came before', async () => {
    const world = new LeaseProcesses();
    const a = world.start('a');
    await world.advance(1_000);
    expect([await a.metric('livescore_lease_held'), await a.metric('livescore_lease_fence')]).toEqual([1, 1]);
    await world.stop(a);
    expect(await a.metric('livescore_lease_held')).toBe(0);
    expect(await a.metric('livescore_lease_changes_total')).toBe(2);
  });
});
