import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeadLetter } from '../../src/contracts/dead-letter-sink.js';
import type { DeadLetterStore, StoredLetter } from '../../src/dead-letters/ports/dead-letter-store.js';

/** A store with the rights of an operator beside it. */
export interface DeadLetterStoreHarness {
  readonly store: DeadLetterStore;
  /** in the order of their ids */
  letters(): Promise<readonly StoredLetter[]>;
  /** asks for another attempt; every call is a later request */
  mark(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

const AT_MS = 1_768_662_000_123;
const NO_LIMIT = { rows: 1_000_000, bytes: 2 ** 30 };

export function letterOf(changes: Partial<DeadLetter> = {}): DeadLetter {
  return {
    reason: 'malformed',
    detail: 'not-json',
    matchId: null,
    topic: 'football/live',
    payload: Buffer.from('{'),
    receivedAtMs: AT_MS,
    ...changes,
  };
}

export const parkedLetter = (matchId: string, changes: Partial<DeadLetter> = {}): DeadLetter =>
  letterOf({ reason: 'unknown-match', detail: null, matchId, payload: Buffer.from(`["${matchId}"]`), ...changes });

/** What every store of dead letters promises. */
export function deadLetterStoreContract(name: string, open: () => Promise<DeadLetterStoreHarness>): void {
  describe(`${name} as a store of dead letters`, () => {
    let harness: DeadLetterStoreHarness;
    let store: DeadLetterStore;

    beforeAll(async () => {
      harness = await open();
      store = harness.store;
    });
    afterEach(() => harness.clear());
    afterAll(() => harness.close());

    const matches = async () => (await harness.letters()).map(({ matchId }) => matchId);
    const topics = async () => (await harness.letters()).map(({ topic }) => topic);
    const idOf = async (topic: string) => (await harness.letters()).find((letter) => letter.topic === topic)?.id ?? '';

    it('keeps letters as they are, byte by byte', async () => {
      const payload = Buffer.from([0, 1, 0x5c, 0x22, 0x27, 0x7b, 0xff, 0xfe]);
      const letters = [
        letterOf({ payload, detail: 'it\'s "so"\\, {NULL}', topic: 'a/{b}/"c"' }),
        letterOf({ reason: 'cannot-be-written', detail: null, matchId: 'NULL', payload: new Uint8Array() }),
        parkedLetter('m1', { payload: new Uint8Array([1, 2, 3]).subarray(1) }),
      ];
      await store.insert(letters);
      const kept = await harness.letters();
      expect(kept.map((letter) => ({ ...letter, payload: [...letter.payload] }))).toEqual(
        letters.map((letter) => ({
          ...letter,
          payload: [...letter.payload],
          id: expect.any(String),
          redrives: 0,
        })),
      );
    });

    it('keeps one parked update per match: the newest, whichever comes last', async () => {
      await store.insert([parkedLetter('m1'), parkedLetter('m2'), letterOf({ matchId: 'm1' })]);
      await store.insert([parkedLetter('m1', { receivedAtMs: AT_MS + 1, topic: 'newer' })]);
      await store.insert([parkedLetter('m1', { receivedAtMs: AT_MS - 1, topic: 'older' })]);
      expect(await matches()).toEqual(['m1', 'm2', 'm1']);
      expect(await topics()).toEqual(['newer', 'football/live', 'football/live']);
    });

    it('keeps of a match the newest parked update of each detail, in the order of receipt', async () => {
      const park = (detail: string, atMs: number) =>
        store.insert([parkedLetter('m1', { detail, receivedAtMs: AT_MS + atMs, topic: `${detail} at ${atMs}` })]);
      await park('status 2', 1);
      await park('status 2', 2);
      await park('status 3', 3);
      await park('status 4', 4);
      await park('status 3', 5);
      await park('status 2', 4);
      expect(await topics()).toEqual(['status 2 at 2', 'status 4 at 4', 'status 3 at 5']);
      const parked = await store.parked(0, '0');
      expect(parked.map(({ reason, topic }) => [reason, topic])).toEqual([
        ['unknown-match', 'status 2 at 2'],
        ['unknown-match', 'status 4 at 4'],
        ['unknown-match', 'status 3 at 5'],
      ]);
      await store.resolve([{ matchId: 'm1', notAfterMs: AT_MS + 4 }]);
      expect(await topics()).toEqual(['status 3 at 5']);
    });

    it('keeps of a match eight parked updates, and counts them all for its bounds', async () => {
      for (let n = 0; n < 12; n++)
        await store.insert([parkedLetter('m1', { detail: `status ${n}`, receivedAtMs: AT_MS + n })]);
      const details = async () => (await harness.letters()).map(({ detail }) => detail);
      expect(await details()).toEqual([4, 5, 6, 7, 8, 9, 10, 11].map((n) => `status ${n}`));
      const limit = { ...NO_LIMIT, rows: 3 };
      expect(await store.trim('unknown-match', limit, limit)).toMatchObject({ evicted: 5, rows: 3 });
      expect(await details()).toEqual(['status 9', 'status 10', 'status 11']);
    });

    it('resolves matches up to a time', async () => {
      await store.insert([
        parkedLetter('m1'),
        parkedLetter('m2', { receivedAtMs: AT_MS + 1 }),
        parkedLetter('m3'),
        letterOf({ matchId: 'm1' }),
      ]);
      await store.resolve([
        { matchId: 'm1', notAfterMs: AT_MS },
        { matchId: 'm2', notAfterMs: AT_MS },
        { matchId: 'nobody', notAfterMs: AT_MS },
      ]);
      expect(await matches()).toEqual(['m2', 'm3', 'm1']);
      await store.resolve([]);
    });

    it('removes a letter only with the content that is meant', async () => {
      await store.insert([parkedLetter('m1'), parkedLetter('m2')]);
      const [one, two] = await harness.letters();
      await store.insert([parkedLetter('m2', { receivedAtMs: AT_MS + 5_000 })]);
      await store.remove([one, two].filter((letter) => letter !== undefined));
      expect(await matches()).toEqual(['m2']);
    });

    it('evicts the oldest of a reason by number, beyond the limit only, down to the target', async () => {
      const letters = [4, 2, 0, 1, 3].map((n) => letterOf({ topic: `t${n}`, receivedAtMs: AT_MS + n }));
      await store.insert([...letters, parkedLetter('m1', { receivedAtMs: AT_MS - 99 })]);
      expect(await store.trim('malformed', { ...NO_LIMIT, rows: 5 }, { ...NO_LIMIT, rows: 2 })).toEqual({
        evicted: 0,
        rows: 5,
        bytes: 5,
      });
      expect(await store.trim('malformed', { ...NO_LIMIT, rows: 4 }, { ...NO_LIMIT, rows: 2 })).toEqual({
        evicted: 3,
        rows: 2,
        bytes: 2,
      });
      expect(await topics()).toEqual(['t4', 't3', 'football/live']);
    });

    it('evicts the oldest of a reason by bytes', async () => {
      const payload = Buffer.alloc(100);
      await store.insert([0, 1, 2, 3].map((n) => letterOf({ topic: `t${n}`, payload, receivedAtMs: AT_MS + n })));
      const limit = { ...NO_LIMIT, bytes: 399 };
      expect(await store.trim('malformed', limit, { ...NO_LIMIT, bytes: 250 })).toEqual({
        evicted: 2,
        rows: 2,
        bytes: 200,
      });
      expect(await topics()).toEqual(['t2', 't3']);
      expect(await store.trim('cannot-be-written', limit, limit)).toEqual({ evicted: 0, rows: 0, bytes: 0 });
    });

    it('reads parked updates page by page, none older than asked for', async () => {
      const all = Array.from({ length: 450 }, (_, n) => parkedLetter(`m${n}`, { receivedAtMs: AT_MS + n }));
      await store.insert([...all, letterOf()]);
      const read: StoredLetter[] = [];
      for (let page = await store.parked(AT_MS + 10, '0'); page.length > 0; ) {
        expect(page.length).toBeLessThanOrEqual(200);
        read.push(...page);
        page = await store.parked(AT_MS + 10, page.at(-1)?.id ?? '');
      }
      expect(read.map(({ matchId }) => matchId)).toEqual(all.slice(10).map(({ matchId }) => matchId));
      expect(read[0]).toMatchObject({ reason: 'unknown-match', receivedAtMs: AT_MS + 10, topic: 'football/live' });
    });

    it('reads no more than 4 MB at once, but one letter at least', async () => {
      await store.insert([parkedLetter('big', { payload: Buffer.alloc(5 * 2 ** 20) })]);
      await store.insert([1, 2, 3].map((n) => parkedLetter(`m${n}`, { payload: Buffer.alloc(1.5 * 2 ** 20) })));
      const first = await store.parked(0, '0');
      expect(first.map(({ matchId }) => matchId)).toEqual(['big']);
      const second = await store.parked(0, first[0]?.id ?? '');
      expect(second.map(({ matchId }) => matchId)).toEqual(['m1', 'm2']);
      await harness.mark((await harness.letters()).map(({ id }) => id));
      for (const expected of [['big'], ['m1', 'm2'], ['m3'], []]) {
        expect((await store.claimRedrives()).map(({ matchId }) => matchId)).toEqual(expected);
      }
    });

    it('gives marked letters away once, the oldest request first', async () => {
      await store.insert(['a', 'b', 'c'].map((topic, n) => letterOf({ topic, receivedAtMs: AT_MS - n })));
      expect(await store.claimRedrives()).toEqual([]);
      await harness.mark([await idOf('a')]);
      await harness.mark([await idOf('b'), await idOf('c')]);
      const claimed = await store.claimRedrives();
      expect(claimed.map(({ topic, redrives }) => [topic, redrives])).toEqual([
        ['c', 1],
        ['b', 1],
        ['a', 1],
      ]);
      expect(await store.claimRedrives()).toEqual([]);
      await harness.mark([await idOf('b')]);
      expect((await store.claimRedrives()).map(({ topic, redrives }) => [topic, redrives])).toEqual([['b', 2]]);
    });

    it('gives 50 marked letters away at most', async () => {
      await store.insert(Array.from({ length: 60 }, (_, n) => letterOf({ receivedAtMs: AT_MS + n })));
      await harness.mark((await harness.letters()).map(({ id }) => id));
      const [first, second] = [await store.claimRedrives(), await store.claimRedrives()];
      expect([first.length, second.length]).toEqual([50, 10]);
      expect(first.map(({ receivedAtMs }) => receivedAtMs - AT_MS)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    });

    it('says of kept letters what was found', async () => {
      await store.insert([letterOf(), parkedLetter('m1')]);
      const [one, two] = await harness.letters();
      await store.insert([parkedLetter('m1', { receivedAtMs: AT_MS + 9 })]);
      const told = [one, two].flatMap((letter) => (letter ? [{ ...letter, detail: 'still' }] : []));
      await store.keep(told);
      expect((await harness.letters()).map(({ detail }) => detail)).toEqual(['still', null]);
    });
  });
}
