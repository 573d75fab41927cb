import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../../test/support/virtual-scheduler.js';
import type { LetterDesk } from '../../dead-letters/ports/letter-desk.js';
import type { HostRows, KnownHost } from '../../lease/ports/host-rows.js';
import type { RetentionStore } from '../../retention/ports/retention-store.js';
import type { StaleMatches } from '../../sync/ports/stale-matches.js';
import { FakeClock } from '../../testing/index.js';
import type { LiveReads } from '../adapters/pg/live-reads.js';
import type { LiveStored } from '../facts.js';
import { PathReadings } from './readings.js';
import { SideReadings } from './side-readings.js';
import { StoredFactsReader } from './stored-facts.js';

const CLOCK = new FakeClock(1_800_000_000_000);

const LIVE: LiveStored = { count: 0, changesLastMinute: 0, lease: null };

describe('what is read from the database for the page', () => {
  let time: VirtualTime;
  let asked: number;
  let answer: () => Promise<LiveStored>;
  let reader: StoredFactsReader;

  beforeEach(() => {
    time = new VirtualTime();
    asked = 0;
    answer = async () => LIVE;
    const reads = {
      live: () => {
        asked++;
        return answer();
      },
      matches: async () => [],
    } as unknown as LiveReads;
    reader = readerOf(time, new PathReadings(CLOCK, reads), new SideReadings(CLOCK));
  });

  it('is nothing while nobody looks', async () => {
    await time.advance(60_000);
    expect([asked, reader.facts.live, time.waiting]).toEqual([0, { asOfMs: null, value: null, error: null }, 0]);
  });

  it('is asked for once a second, however many look', async () => {
    for (let n = 0; n < 10; n++) {
      await Promise.all(Array.from({ length: 20 }, () => reader.refresh()));
      await time.advance(500);
    }
    expect(asked).toBe(5);
  });

  it('has no section of a module that the host does not have', () => {
    const { live: _live, matches: _matches, sizes: _sizes, ...others } = reader.facts;
    expect(new Set(Object.values(others))).toEqual(new Set([null]));
  });

  it('is told as it was while a question hangs, and no other is asked meanwhile', async () => {
    await reader.refresh();
    let release: (live: LiveStored) => void = () => undefined;
    answer = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    for (let n = 0; n < 5; n++) {
      await time.advance(1_000);
      void reader.refresh();
      await time.advance(1_000);
    }
    expect(asked).toBe(2);
    expect(reader.facts.live).toMatchObject({ value: LIVE, error: 'late' });
    release({ ...LIVE, count: 3 });
    answer = async () => ({ ...LIVE, count: 4 });
    await time.advance(1_000);
    expect(reader.facts.live).toMatchObject({ value: { count: 3 }, error: null });
    await reader.refresh();
    expect(reader.facts.live).toMatchObject({ value: { count: 4 }, error: null });
  });

  it('is told again only when it was read since, or could not be', async () => {
    const clock = new FakeClock(1_800_000_000_000);
    const path = new PathReadings(clock, { live: () => answer(), matches: async () => [] } as unknown as LiveReads);
    const told = new StoredFactsReader(clock, new VirtualScheduler(time), path, new SideReadings(clock));
    await told.refresh();
    const later = clock.nowMs() + 1_000;
    clock.set(later);
    expect(told.factsSince(later)).toEqual({});
    answer = () => Promise.reject(Object.assign(new Error('no'), { code: '57P01' }));
    await time.advance(1_000);
    await told.refresh();
    expect(told.factsSince(later)).toEqual({ live: { asOfMs: later - 1_000, value: LIVE, error: '57P01' } });
  });

  it('names the code of what failed, not the words of the driver', async () => {
    answer = () => Promise.reject(Object.assign(new Error('db.internal:5432 says no to bob'), { code: '57P01' }));
    await reader.refresh();
    expect(reader.facts.live).toEqual({ asOfMs: null, value: null, error: '57P01' });
  });

  it('is read again at once when somebody has changed something', async () => {
    await reader.refresh();
    reader.expire();
    await reader.refresh();
    expect(asked).toBe(2);
  });

  describe('while every other section hangs', () => {
    let sections: number;
    let sayHosts: (hosts: readonly KnownHost[]) => void;
    let hanging: StoredFactsReader;

    beforeEach(() => {
      sections = 0;
      const hang = <Value>(): Promise<Value> => {
        sections++;
        return new Promise(() => undefined);
      };
      const hosts = (): Promise<readonly KnownHost[]> => {
        sections++;
        return new Promise((resolve) => {
          sayHosts = resolve;
        });
      };
      const reads = {
        live: () => {
          asked++;
          return answer();
        },
        matches: async () => [],
      } as unknown as LiveReads;
      const letters = { totals: hang } as unknown as LetterDesk;
      const rows = { list: hosts } as unknown as HostRows;
      const retention = { sizes: hang } as unknown as RetentionStore;
      const stale = { list: hang } as unknown as StaleMatches;
      hanging = readerOf(
        time,
        new PathReadings(CLOCK, reads, undefined, undefined, rows, letters),
        new SideReadings(CLOCK, undefined, undefined, retention, stale),
      );
    });

    it('what is live is read each second, and an answer that comes late is taken', async () => {
      void hanging.refresh();
      for (let second = 1; second <= 3; second++) {
        await time.advance(1_000);
        expect([second, asked, sections]).toEqual([second, second + 1, second + 1]);
      }
      expect(hanging.facts.hosts).toEqual({ asOfMs: null, value: null, error: 'late' });
      sayHosts([]);
      await time.advance(0);
      expect(hanging.facts.hosts).toMatchObject({ value: [], error: null });
    });

    it('nothing else is asked once what is live is not said in time', async () => {
      void hanging.refresh();
      await time.advance(500);
      answer = () => new Promise(() => undefined);
      await time.advance(10_000);
      expect(hanging.facts.live).toMatchObject({ value: LIVE, error: 'late' });
      expect([asked, sections]).toEqual([2, 1]);
    });
  });
});

function readerOf(time: VirtualTime, path: PathReadings, side: SideReadings): StoredFactsReader {
  return new StoredFactsReader(CLOCK, new VirtualScheduler(time), path, side);
}
