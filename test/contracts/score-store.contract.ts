import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MatchState } from '../../src/domain/match-state.js';
import type { ScoreStore, ScoreWrite } from '../../src/score-writer/ports/score-store.js';
import { slots } from '../support/history.js';

/** What plain SQL of somebody else sets; what is not named stays. */
export type ForeignChange = Partial<
  Pick<
    MatchState,
    'status' | 'home' | 'away' | 'version' | 'providerTimeS' | 'kickoffs' | 'minute' | 'scoreSource' | 'scoreSourceAtS'
  >
>;

export interface JournalRow {
  readonly epoch: number;
  readonly version: number;
  readonly source: string;
}

/** A store with the rights of an operator beside it. */
export interface ScoreStoreHarness {
  readonly store: ScoreStore;
  insert(matchId: string): Promise<void>;
  remove(matchId: string): Promise<void>;
  change(matchId: string, changes: ForeignChange): Promise<void>;
  /** @returns ends the foreign transaction that holds the row */
  lock(matchId: string): Promise<() => Promise<void>>;
  /** The lease of the feed is taken with this fence. */
  setFence(fence: number): Promise<void>;
  /** oldest first */
  journal(matchId: string): Promise<readonly JournalRow[]>;
  close(): Promise<void>;
}

const AT_S = 1_768_662_000;

const write = (state: MatchState, changes: Partial<MatchState> = {}, more: Partial<ScoreWrite> = {}): ScoreWrite => ({
  expectedVersion: state.version,
  next: {
    ...state,
    status: 4,
    home: [2, 1, 0, 1, 5, 0, 0],
    away: [1, 0, 0, 2, 3, 0, 0],
    seenAtMs: AT_S * 1000 + 123,
    ...changes,
  },
  source: 'mqtt',
  catchUp: false,
  goalIncidents: null,
  receivedAtMs: AT_S * 1000 + 123,
  atS: AT_S,
  ...more,
});

/** What every store of match rows promises to the writer. */
export function scoreStoreContract(name: string, open: () => Promise<ScoreStoreHarness>): void {
  describe(`${name} as a score store`, () => {
    let harness: ScoreStoreHarness;
    let store: ScoreStore;

    beforeAll(async () => {
      harness = await open();
      store = harness.store;
    });
    afterAll(() => harness.close());

    const load = async (id: string) => (await store.load([id])).get(id) as MatchState;
    const seed = async (id: string) => {
      await harness.insert(id);
      return load(id);
    };

    it('writes one change apart from the others, as it would among them', async () => {
      await harness.insert('apart');
      const state = (await store.load(['apart'])).get('apart') as MatchState;
      const unlock = await harness.lock('apart');
      expect(await store.writeApart(write(state))).toBe(false);
      await unlock();
      expect(await store.writeApart(write(state))).toBe(true);
      expect((await harness.journal('apart')).map(({ version }) => version)).toEqual([1]);
      expect(await store.writeApart(write(state))).toBe(false);
    });

    it('shows a fixture row as a match not started, and no row as none', async () => {
      expect(await seed('fixture')).toMatchObject({
        matchId: 'fixture',
        epoch: 0,
        version: 0,
        status: 1,
        home: slots(0),
        away: slots(0),
        kickoffs: { firstHalfS: null, secondHalfS: null, overtimeS: null },
        kickoffSources: {},
        minute: null,
        providerTimeS: null,
        seenAtMs: null,
        pulledAtMs: null,
        announced: { home: 0, away: 0 },
        shown: { home: 0, away: 0 },
      });
      const rows = await store.load(['nobody', 'fixture', 'fixture']);
      expect([...rows.keys()]).toEqual(['fixture']);
      expect((await store.load([])).size).toBe(0);
    });

    it('gives back what was written, one version higher', async () => {
      const state = await seed('one');
      const change = write(state, {
        kickoffs: { firstHalfS: AT_S - 4000, secondHalfS: AT_S - 300, overtimeS: null },
        kickoffSources: { firstHalf: 'mqtt', secondHalf: 'api' },
        minute: 51,
        providerTimeS: AT_S - 2,
        pulledAtMs: AT_S * 1000 - 999,
        reached: 4,
      });
      expect([...(await store.write([change]))]).toEqual([0]);
      const { home, away } = change.next;
      expect(await load('one')).toEqual({
        ...change.next,
        version: 1,
        statusSinceS: AT_S,
        statusSource: 'mqtt',
        scoreSource: 'mqtt',
        scoreSourceAtS: AT_S,
        peak: { home, away },
        announced: { home: 2, away: 1 },
        shown: { home: 2, away: 1 },
        torn: false,
        origin: expect.objectContaining({ byAuthority: false, journaledBy: 'mqtt', isEarlier: false }),
      });
      expect(await harness.journal('one')).toEqual([{ epoch: 0, version: 1, source: 'mqtt' }]);
    });

    it('shows and announces extra time and the shoot-out each in its own way', async () => {
      const state = await seed('shootout');
      await store.write([
        write(state, { status: 7, home: slots(1, { et: 2, pens: 4 }), away: slots(1, { et: 2, pens: 3 }) }),
      ]);
      expect(await load('shootout')).toMatchObject({ shown: { home: 6, away: 5 }, announced: { home: 2, away: 2 } });
    });

    it('keeps provenance of what did not change, and a minute the change has none of', async () => {
      const state = await seed('provenance');
      await store.write([write(state, { minute: 51 })]);
      const first = await load('provenance');
      await store.write([write({ ...first, minute: null }, {}, { source: 'api', atS: AT_S + 60 })]);
      expect(await load('provenance')).toMatchObject({
        version: 2,
        statusSource: 'mqtt',
        statusSinceS: AT_S,
        scoreSource: 'mqtt',
        scoreSourceAtS: AT_S,
        minute: 51,
      });
      await store.write([write(await load('provenance'), { home: slots(3) }, { source: 'api', atS: AT_S + 60 })]);
      expect(await load('provenance')).toMatchObject({
        statusSource: 'mqtt',
        scoreSource: 'api',
        scoreSourceAtS: AT_S + 60,
      });
    });

    it('writes many rows at once and leaves out the one with another version', async () => {
      const states = [await seed('a'), await seed('b'), await seed('c')];
      const writes = states.map((state) => write(state));
      writes[1] = { ...(writes[1] as ScoreWrite), expectedVersion: 7 };
      expect([...(await store.write(writes))].sort()).toEqual([0, 2]);
      const rows = await store.load(['a', 'b', 'c']);
      expect(['a', 'b', 'c'].map((id) => rows.get(id)?.version)).toEqual([1, 0, 1]);
    });

    it('commits one of two writes with the same expected version', async () => {
      const state = await seed('race');
      const both = await Promise.all([store.write([write(state)]), store.write([write(state, { home: slots(9) })])]);
      expect(both.map((written) => written.size).sort()).toEqual([0, 1]);
      expect(await harness.journal('race')).toHaveLength(1);
    });

    it('leaves out a row that is not there', async () => {
      const state = await seed('gone');
      await harness.remove('gone');
      expect((await store.write([write(state)])).size).toBe(0);
    });

    it('leaves out a row with a newer provider time, also when the change has none; an equal one passes', async () => {
      const state = await seed('fenced');
      await harness.change('fenced', { providerTimeS: 2000 });
      expect((await store.write([write(state, { providerTimeS: 1999 })])).size).toBe(0);
      expect((await store.write([write(state, { providerTimeS: null })])).size).toBe(0);
      expect((await store.write([write(state, { providerTimeS: 2000 })])).size).toBe(1);
    });

    it('leaves out a locked row without waiting for it', async () => {
      const [locked, free] = [await seed('locked'), await seed('free')];
      const unlock = await harness.lock('locked');
      expect([...(await store.write([write(free), write(locked)]))]).toEqual([0]);
      expect((await store.write([write(locked)])).size).toBe(0);
      expect((await load('locked')).version).toBe(0);
      await unlock();
      expect((await store.write([write(locked)])).size).toBe(1);
    });

    it('writes nothing with a fence below that of the lease, one row or many; without a fence nobody asks', async () => {
      const states = [await seed('f1'), await seed('f2'), await seed('f3')];
      const [first, ...others] = states.map((state) => write(state)) as [ScoreWrite, ...ScoreWrite[]];
      await harness.setFence(7);
      expect((await store.write([first], 6)).size).toBe(0);
      expect((await store.write([first, ...others], 6)).size).toBe(0);
      expect((await load('f1')).version).toBe(0);
      expect(await harness.journal('f1')).toEqual([]);
      expect((await store.write([first], 7)).size).toBe(1);
      expect((await store.write(others, 8)).size).toBe(2);
      expect((await store.write([write(await load('f1'))], null)).size).toBe(1);
      await harness.setFence(0);
    });

    it('finds the rows that differ from what the writer believes', async () => {
      const ids = ['same', 'version', 'status', 'score', 'kickoff', 'missing'];
      const believed: MatchState[] = [];
      for (const id of ids) {
        await store.write([write(await seed(id))]);
        believed.push(await load(id));
      }
      await harness.change('version', { version: 9 });
      await harness.change('status', { status: 8 });
      await harness.change('score', { away: slots(1, { corners: 4 }) });
      await harness.change('kickoff', { kickoffs: { firstHalfS: 5, secondHalfS: null, overtimeS: null } });
      await harness.remove('missing');
      await harness.change('same', { minute: 77 });
      expect([...(await store.findChanged(believed))].sort()).toEqual(ids.slice(1).sort());
      expect(await store.findChanged([])).toEqual([]);
    });

    it('a minute within one status only rises, whoever moved it on', async () => {
      await store.write([write(await seed('minute'), { minute: 51 })]);
      await harness.change('minute', { minute: 54 });
      await store.write([write({ ...(await load('minute')), minute: 53 })]);
      expect((await load('minute')).minute).toBe(54);
      await store.write([write({ ...(await load('minute')), minute: 90 }, { status: 8 })]);
      expect(await load('minute')).toMatchObject({ status: 8, minute: 54 });
    });

    it('another kick-off sets the minute of a status back', async () => {
      const first = { firstHalfS: AT_S - 7_200, secondHalfS: AT_S - 1_200, overtimeS: null };
      await store.write([write(await seed('corrected'), { minute: 66, kickoffs: first })]);
      const kickoffs = { ...first, secondHalfS: AT_S - 900 };
      await store.write([write(await load('corrected'), { minute: 61, kickoffs })]);
      expect(await load('corrected')).toMatchObject({ minute: 61, kickoffs });
    });

    it('starts a new epoch when the version has fallen below the journal', async () => {
      const state = await seed('restored');
      await store.write([write(state)]);
      await harness.change('restored', { version: 0 });
      const restored = await load('restored');
      expect(restored).toMatchObject({ epoch: 1, version: 0 });
      expect((await store.write([write(restored)])).size).toBe(1);
      expect((await load('restored')).epoch).toBe(1);
      expect(await harness.journal('restored')).toEqual([
        { epoch: 0, version: 1, source: 'mqtt' },
        { epoch: 1, version: 1, source: 'mqtt' },
      ]);
    });

    it('shows what somebody else wrote, and what our journal announced last', async () => {
      const state = await seed('foreign');
      await store.write([write(state)]);
      await harness.change('foreign', { status: 3, home: slots(0), away: slots(4) });
      expect(await load('foreign')).toMatchObject({
        version: 1,
        status: 3,
        home: slots(0),
        away: slots(4),
        shown: { home: 0, away: 4 },
        announced: { home: 2, away: 1 },
        torn: false,
      });
    });

    it.each(['318q66hxnyk0qo9', '318e66', '00042', '9007199254740993', "o'hare", 'ÇĞŞ-1', ' padded '])(
      'takes the id %j as it is',
      async (id) => {
        const state = await seed(id);
        expect((await store.write([write(state)])).size).toBe(1);
        expect(await load(id)).toMatchObject({ matchId: id, version: 1 });
      },
    );
  });
}
