import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityDefinition } from '../../src/domain/sync/entity-definition.js';
import { isRefused, type ListEntry, readItem, type StoredField } from '../../src/domain/sync/entity-row.js';
import { NOTHING_DONE } from '../../src/domain/sync/run-facts.js';
import { competition } from '../../src/sync/entity/list/competition.js';
import { player } from '../../src/sync/entity/list/player.js';
import { team } from '../../src/sync/entity/list/team.js';
import type { EntityPage, EntityStore, PageOfRun } from '../../src/sync/ports/entity-store.js';
import type { RunRow, SyncRuns } from '../../src/sync/ports/sync-runs.js';

/** A store with the runs beside it, and with the rights of an operator. */
export interface EntityStoreHarness {
  readonly store: EntityStore;
  /** of the same database */
  readonly runs: SyncRuns;
  /** column → what the row says; null without a row */
  row(entity: EntityDefinition, externalId: string): Promise<Readonly<Record<string, unknown>> | null>;
  isDeleted(entity: EntityDefinition, externalId: string): Promise<boolean>;
  /** What was noted about questions was noted so much earlier, ms. */
  later(ms: number): Promise<void>;
  /** nothing is stored */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** long ago, unix seconds */
const T = 1_690_000_000;
const MINUTE_MS = 60_000;
const FOREIGN_RUN = '00000000-0000-4000-8000-000000000000';

/** What every store of entities promises. */
export function entityStoreContract(name: string, open: () => Promise<EntityStoreHarness>): void {
  describe(`${name} as a store of entities`, () => {
    let harness: EntityStoreHarness;
    let store: EntityStore;
    const known = new Map<string, readonly StoredField[]>();

    beforeAll(async () => {
      harness = await open();
      store = harness.store;
      for (const entity of [team, player, competition]) {
        known.set(entity.name, (await store.columns(entity)).fields ?? []);
      }
    });
    beforeEach(() => harness.reset());
    afterAll(() => harness.close());

    const nowMs = async () => (await harness.runs.look()).nowMs;
    const page = (
      entity: EntityDefinition,
      items: readonly ListEntry[],
      over: Partial<EntityPage> = {},
    ): EntityPage => {
      const fields = known.get(entity.name) ?? [];
      const rows = items.flatMap((item) => {
        const row = readItem(item, fields);
        return isRefused(row) ? [] : [row];
      });
      return { entity, fields, rows, run: null, requestedAtMs: 0, ...over };
    };
    const save = (entity: EntityDefinition, ...items: readonly ListEntry[]) => store.save(page(entity, items));
    const counts = (added: number, changed: number) => ({ held: true, added, changed });
    const named = (ids: string): ListEntry[] => ids.split(' ').map((id) => ({ id, name: `Name of ${id}` }));
    const begin = async (entity = 'team') => {
      await harness.runs.enrol([entity], []);
      return (await harness.runs.claim(entity, 'full', { retry: true }, 'spec')) as RunRow & { runId: string };
    };
    const statusOf = async (entity = 'team') =>
      (await harness.runs.look()).rows.find((row) => row.entity === entity) as RunRow;

    it('has a column for every field of the reference schema', async () => {
      const { fields, leftOut } = await store.columns(player);
      expect(fields?.map(({ column }) => column)).toEqual(player.fields.map(({ column }) => column));
      expect(leftOut).toEqual([]);
    });

    it('adds what is new, changes what differs, and touches no other', async () => {
      const [a, b] = named('a b') as [ListEntry, ListEntry];
      expect(await save(team, a, b)).toEqual(counts(2, 0));
      expect(await save(team, { ...a, name: 'other', national: 1 }, b)).toEqual(counts(0, 1));
      expect(await harness.row(team, 'a')).toMatchObject({ name: 'other', national: true });
      expect(await save(team, { ...a, name: 'other', national: true }, b, ...named('c'))).toEqual(counts(1, 0));
      expect(await save(team)).toEqual(counts(0, 0));
    });

    it('keeps texts and documents as they are, and knows a document again whatever its order', async () => {
      const ability = [{ name: 'it\'s "so"\\, {NULL}', of: [1, { ä: null }] }];
      const odd = { id: 'NULL', name: 'a\\"b\',{c}\n', short_name: 'NULL', birthday: -1, ability };
      expect(await save(player, odd)).toEqual(counts(1, 0));
      expect(await harness.row(player, 'NULL')).toMatchObject({ name: odd.name, short_name: 'NULL', ability });
      const turned = [{ of: [1, { ä: null }], name: ability[0]?.name }];
      expect(await save(player, { ...odd, ability: turned })).toEqual(counts(0, 0));
      expect(await save(player, { ...odd, ability: [] })).toEqual(counts(0, 1));
      expect(await harness.row(player, 'NULL')).toMatchObject({ ability: [] });
    });

    it('never loses a value to silence, and clears what the entry says there is none of', async () => {
      await save(player, { id: 'p', name: 'P', team_id: 't', uid: 'u', age: 20 });
      expect(await save(player, { id: 'p', name: '', team_id: null })).toEqual(counts(0, 0));
      expect(await save(player, { id: 'p', short_name: 'p' })).toEqual(counts(0, 1));
      const values = { name: 'P', team_id: 't', uid: 'u', is_duplicate: true, age: 20 };
      expect(await harness.row(player, 'p')).toMatchObject({ ...values, short_name: 'p' });
      expect(await save(player, { id: 'p', team_id: '0', uid: '' })).toEqual(counts(0, 1));
      const cleared = { team_id: null, uid: null, is_duplicate: false };
      expect(await harness.row(player, 'p')).toMatchObject({ ...values, ...cleared });
      expect(await save(player, { id: 'p', team_id: '0', uid: '' })).toEqual(counts(0, 0));
    });

    it('gives what the provider leaves open to new rows only', async () => {
      await save(competition, { id: 'a', short_name: 'A' }, { id: 'b' }, { id: 'c', name: 'C', uid: 'u' });
      const unsaid = { is_duplicate: false, uid: null, type: null };
      expect(await harness.row(competition, 'a')).toMatchObject({ name: 'A', ...unsaid });
      expect(await harness.row(competition, 'b')).toMatchObject({ name: 'Unknown Competition', ...unsaid });
      expect(await save(competition, { id: 'c', short_name: 'short' })).toEqual(counts(0, 1));
      expect(await harness.row(competition, 'c')).toMatchObject({ name: 'C', uid: 'u', is_duplicate: true });
      await save(competition, { id: 'b', name: 'B' });
      expect(await harness.row(competition, 'b')).toMatchObject({ name: 'B', is_duplicate: false });
    });

    it('moves page cursor and newest change of the run with the page, and never back', async () => {
      const { runId } = await begin();
      const store1 = (items: ListEntry[], run: Omit<PageOfRun, 'runId'>) =>
        store.save(page(team, items, { run: { runId, ...run } }));
      expect(await store1(named('a'), { nextPage: 2, newest: T })).toEqual(counts(1, 0));
      expect(await statusOf()).toMatchObject({ runId, page: 2, newest: T });
      await store1(named('b'), { nextPage: 3, newest: T - 1 });
      await store1([], { nextPage: 4, newest: null });
      expect(await statusOf()).toMatchObject({ page: 4, newest: T });
    });

    it('writes nothing for a run that belongs to another instance, or is over', async () => {
      const { runId } = await begin();
      const end = { entity: 'team', kind: 'full', verdict: 'partial', counts: NOTHING_DONE, givesBack: false } as const;
      await begin('player');
      await save(team, ...named('a'));
      await store.markDeleted(team, ['a'], runId);
      const requestedAtMs = (await nowMs()) + MINUTE_MS;
      const refuses = async (entity: EntityDefinition, run: string) => {
        const late = page(entity, [{ id: 'a', name: 'late' }, { id: 'b' }], { requestedAtMs });
        const stored = await store.save({ ...late, run: { runId: run, nextPage: 9, newest: T } });
        expect(stored).toEqual({ held: false, added: 0, changed: 0 });
        expect(await store.markDeleted(entity, ['x'], run)).toBe(0);
      };
      await refuses(team, FOREIGN_RUN);
      await refuses(player, runId);
      await harness.runs.finish({ ...end, runId });
      await refuses(team, runId);
      expect(await harness.row(team, 'a')).toMatchObject({ name: 'Name of a' });
      expect([await harness.row(team, 'b'), await harness.row(player, 'b')]).toEqual([null, null]);
      expect([await harness.isDeleted(team, 'a'), await harness.isDeleted(team, 'x')]).toEqual([true, false]);
      expect([(await statusOf()).page, (await statusOf('player')).page]).toEqual([1, 1]);
    });

    it('marks what is deleted once, keeps its row, and counts what was not marked', async () => {
      const { runId } = await begin();
      await save(team, ...named('a b'));
      expect(await store.markDeleted(team, ['a', 'gone'], runId)).toBe(2);
      expect(await store.markDeleted(team, ['a', 'b'], runId)).toBe(1);
      expect(await store.markDeleted(team, [], runId)).toBe(0);
      expect(await harness.row(team, 'a')).toMatchObject({ name: 'Name of a' });
      expect([await harness.isDeleted(team, 'a'), await harness.isDeleted(player, 'a')]).toEqual([true, false]);
    });

    it('takes back a mark that is older than the request, and no later one', async () => {
      const { runId } = await begin();
      await save(team, ...named('a b'));
      await store.markDeleted(team, ['a', 'b'], runId);
      const asked = async (agoMs: number) => ({ requestedAtMs: (await nowMs()) - agoMs });
      await store.save(page(team, named('a'), await asked(MINUTE_MS)));
      expect(await harness.isDeleted(team, 'a')).toBe(true);
      expect(await store.save(page(team, named('a'), await asked(-MINUTE_MS)))).toEqual(counts(0, 0));
      expect([await harness.isDeleted(team, 'a'), await harness.isDeleted(team, 'b')]).toEqual([false, true]);
      expect(await store.markDeleted(team, ['a', 'b'], runId)).toBe(1);
      expect(await harness.isDeleted(team, 'a')).toBe(true);
    });

    it('reads keys in order, page by page, without those that are marked or came later', async () => {
      const { runId } = await begin();
      await save(team, ...named('e c a d b'));
      await store.markDeleted(team, ['b'], runId);
      const createdBeforeMs = (await nowMs()) + MINUTE_MS;
      const keys = (after: string, limit: number) => store.keys(team, { after, limit, createdBeforeMs });
      expect(await keys('', 2)).toEqual(['a', 'c']);
      expect(await keys('c', 2)).toEqual(['d', 'e']);
      expect(await keys('e', 2)).toEqual([]);
      expect(await store.keys(team, { after: '', limit: 9, createdBeforeMs: createdBeforeMs - 2 * MINUTE_MS })).toEqual(
        [],
      );
      expect(await store.keys(player, { after: '', limit: 9, createdBeforeMs })).toEqual([]);
    });

    it('tells what a page would change, and changes nothing', async () => {
      await save(player, { id: 'p', name: 'P', team_id: 't', age: 20, ability: [1] }, { id: 'same', name: 'S' });
      const said = page(player, [
        { id: 'p', name: 'Q', team_id: '', age: 20, weight: 70, ability: [2] },
        { id: 'same', name: 'S' },
        { id: 'new', name: 'N' },
      ]);
      const found = [...(await store.compare(said))].sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
      expect(found).toEqual([
        { externalId: 'new', ours: null },
        { externalId: 'p', ours: { name: 'P', team_id: 't', weight: null, ability: [1] } },
      ]);
      expect(await harness.row(player, 'p')).toMatchObject({ name: 'P', weight: null });
      expect(await store.save(said)).toEqual(counts(1, 1));
      expect(await store.compare(said)).toEqual([]);
    });

    it('knows which ids have no row', async () => {
      await save(team, ...named('a b'));
      expect([...(await store.unknown(team, ['x', 'a', 'y']))].sort()).toEqual(['x', 'y']);
      expect(await store.unknown(player, ['a'])).toEqual(['a']);
      expect(await store.unknown(team, [])).toEqual([]);
    });

    it('finds teams without name or logo, the oldest first, and leaves those alone that were asked about', async () => {
      const { runId } = await begin();
      const at = (id: string, updated_at: number, over: ListEntry = {}) => ({ id, name: 'N', updated_at, ...over });
      await save(team, at('new', T + 2), at('old', T), at('nameless', T + 1, { name: '', logo: 'x' }));
      await save(team, at('whole', T, { logo: 'x' }), at('deleted', T));
      await store.markDeleted(team, ['deleted'], runId);
      expect(await store.incompleteTeams('logo', MINUTE_MS, 9)).toEqual(['old', 'new']);
      expect(await store.incompleteTeams('name-or-logo', MINUTE_MS, 2)).toEqual(['old', 'nameless']);
      await save(team, at('old', T + 3, { website: 'w' }), at('new', T, { website: 'w' }));
      expect(await store.incompleteTeams('logo', MINUTE_MS, 9)).toEqual(['new', 'old']);
      await save(team, at('new', 2 ** 39, { website: 'x' }));
      expect(await store.incompleteTeams('logo', MINUTE_MS, 9)).toEqual(['old', 'new']);
      await store.noteAsked(['old']);
      expect(await store.incompleteTeams('name-or-logo', MINUTE_MS, 9)).toEqual(['nameless', 'new']);
      await harness.later(MINUTE_MS + 1_000);
      expect(await store.incompleteTeams('logo', MINUTE_MS, 9)).toEqual(['new', 'old']);
      await store.noteAsked(['old', 'new']);
      expect(await store.incompleteTeams('logo', MINUTE_MS, 9)).toEqual([]);
    });
  });
}
