import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  fillCatalogue,
  PROVIDER_ENTITY_KINDS,
  PROVIDER_ENTITY_LISTS,
  type ProviderStandIn,
  startProviderStandIn,
} from '../../src/testing/index.js';
import { everyId, idsOf } from './ask.js';

const ROWS = 200_000;

describe('a stand-in with 200,000 rows', () => {
  let standIn: ProviderStandIn;
  let sizes: Readonly<Record<string, number>>;

  beforeAll(async () => {
    standIn = await startProviderStandIn();
    sizes = fillCatalogue(standIn, { rows: ROWS });
  });
  afterAll(() => standIn.close());

  it('holds mostly players and teams', () => {
    expect(standIn.entities.size()).toBe(ROWS);
    expect(Math.min(...Object.values(sizes))).toBeGreaterThan(0);
    expect((sizes.player ?? 0) + (sizes.team ?? 0)).toBeGreaterThan(ROWS / 2);
  });

  it('tells every row of every list once', async () => {
    for (const kind of PROVIDER_ENTITY_KINDS) {
      const ids = await everyId(standIn, PROVIDER_ENTITY_LISTS[kind]);
      expect([kind, ids.length, new Set(ids).size]).toEqual([kind, sizes[kind], sizes[kind]]);
    }
  }, 180_000);

  it('tells the newest changes of many, while rows change', async () => {
    const ids = standIn.entities.ids('player').slice(0, 100);
    for (const [nth, id] of ids.entries()) {
      standIn.entities.put('player', [{ id, updated_at: 1_800_000_000 + nth }]);
      expect(await idsOf(standIn, PROVIDER_ENTITY_LISTS.player, { time: 1_800_000_000 + nth })).toEqual([id]);
    }
  });
});
