import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BroadcastBus } from '../../src/broadcast/ports/broadcast-bus.js';
import type { Told } from '../../src/broadcast/ports/told.js';
import { eventually } from '../support/eventually.js';
import { toldGoal } from '../support/told.js';

/** The bus of one instance, and its way to the others. */
export interface BusUnderTest {
  readonly bus: BroadcastBus;
  connect(): void;
  /** its connections break, and none is made until `comeBack` */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

export interface BroadcastBusHarness {
  /** One more instance, not connected yet; those of one test meet no other ones. */
  join(channel: string): Promise<BusUnderTest>;
  close(): Promise<void>;
}

interface Listener extends BusUnderTest {
  readonly heard: (readonly Told[])[];
  connections: number;
}

/** What every bus promises to those who publish and to those who listen. */
export function broadcastBusContract(name: string, open: () => Promise<BroadcastBusHarness>): void {
  describe(`${name} as a broadcast bus`, () => {
    let harness: BroadcastBusHarness;
    let test = 0;
    let channel = '';
    const open_: Listener[] = [];

    beforeAll(async () => {
      harness = await open();
    });
    afterEach(async () => {
      for (const listener of open_.splice(0)) await listener.close();
    });
    afterAll(() => harness.close());

    /** An instance that listens, connected or not. */
    async function join(connected: boolean): Promise<Listener> {
      if (open_.length === 0) channel = `livescore-test-${process.pid}-${Date.now()}-${test++}`;
      const one = await harness.join(channel);
      const listener: Listener = Object.assign(one, { heard: [], connections: 0 });
      one.bus.told$.subscribe((told) => void listener.heard.push(told));
      one.bus.connected$.subscribe(() => void listener.connections++);
      open_.push(listener);
      if (connected) {
        one.connect();
        await eventually(() => one.bus.isConnected && listener.connections >= 1, { what: 'the bus to be connected' });
      }
      return listener;
    }

    const versionsOf = ({ heard }: Listener, matchId: string) =>
      heard.flat().flatMap((told) => (told.matchId === matchId ? [told.version?.position.version] : []));

    it('brings everything to all others as it was, in the order of each publisher, and nothing back', async () => {
      const [a, b, c] = [await join(true), await join(true), await join(true)];
      const versions = Array.from({ length: 300 }, (_, index) => index + 1);
      for (const version of versions) {
        a.bus.publish([toldGoal({ matchId: 'a', version })]);
        b.bus.publish([toldGoal({ matchId: 'b', version })]);
      }
      await eventually(() => c.heard.length === 600, { what: 'all to be heard by the third' });
      await eventually(() => a.heard.length === 300 && b.heard.length === 300, { what: 'all to be heard by the two' });
      expect(versionsOf(c, 'a')).toEqual(versions);
      expect(versionsOf(c, 'b')).toEqual(versions);
      expect([versionsOf(a, 'a'), versionsOf(b, 'b')]).toEqual([[], []]);
      expect(c.heard.flat().find(({ matchId }) => matchId === 'a')).toEqual(toldGoal({ matchId: 'a', version: 1 }));
    });

    it('brings many at once, and long ones, in order', async () => {
      const [a, b] = [await join(true), await join(true)];
      const sizes = [10, 200_000, 60_000, 300_000, 900_000, 5];
      a.bus.publish(sizes.map((padding, index) => toldGoal({ version: index + 1, padding })));
      await eventually(() => b.heard.flat().length === sizes.length, { what: 'all to be heard' });
      expect(versionsOf(b, 'm1')).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('says when it was away, and loses what was told meanwhile', async () => {
      const [a, b] = [await join(true), await join(true)];
      await b.goAway();
      await eventually(() => !b.bus.isConnected, { what: 'the bus to notice' });
      a.bus.publish([toldGoal({ version: 1 })]);
      b.bus.publish([toldGoal({ matchId: 'b', version: 1 })]);
      await b.comeBack();
      await eventually(() => b.bus.isConnected && b.connections >= 2, { what: 'the bus to come back' });
      await eventually(() => a.bus.isConnected, { what: 'the other one to be connected' });
      a.bus.publish([toldGoal({ version: 2 })]);
      b.bus.publish([toldGoal({ matchId: 'b', version: 2 })]);
      await eventually(() => b.heard.length > 0 && a.heard.length > 0, { what: 'the next ones to be heard' });
      expect([versionsOf(b, 'm1'), versionsOf(a, 'b')]).toEqual([[2], [2]]);
    });

    it('never throws and never waits: before it is connected, away, with nothing, with too much, closed', async () => {
      const a = await join(false);
      const huge = [toldGoal({ version: 1, padding: 2_000_000 })];
      const unwritable = [{ matchId: 'x', frames: [], secret: 1n } as unknown as Told];
      const publishAll = () => {
        for (const told of [[], huge, unwritable, [toldGoal({ version: 1 })]])
          expect(a.bus.publish(told)).toBeUndefined();
      };
      publishAll();
      a.connect();
      await eventually(() => a.bus.isConnected, { what: 'the bus to be connected' });
      publishAll();
      await a.goAway();
      publishAll();
      await a.close();
      publishAll();
      expect(a.bus.isConnected).toBe(false);
    });

    it('ends in bounded time, also while it is away or was never connected', async () => {
      const [never, away, busy] = [await join(false), await join(true), await join(true)];
      await away.goAway();
      for (let version = 1; version <= 100; version++) busy.bus.publish([toldGoal({ version })]);
      await Promise.all([never.close(), away.close(), busy.close()]);
      expect([never, away, busy].map(({ bus }) => bus.isConnected)).toEqual([false, false, false]);
    });
  });
}
