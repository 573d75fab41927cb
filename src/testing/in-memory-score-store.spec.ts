import { describe, expect, it } from '@jest/globals';
import { scoreStoreContract } from '../../test/contracts/score-store.contract.js';
import { freshMatch, slots } from '../../test/support/history.js';
import { inMemoryScoreRows } from '../../test/support/in-memory-score-rows.js';
import { InMemoryScoreStore } from './index.js';

scoreStoreContract('the in-memory store', async () => inMemoryScoreRows(new InMemoryScoreStore()));

describe('InMemoryScoreStore', () => {
  const write = () => ({
    expectedVersion: 0,
    next: freshMatch({ matchId: 'm', status: 2, home: slots(1) }),
    source: 'mqtt' as const,
    catchUp: false,
    goalIncidents: null,
    receivedAtMs: 0,
    atS: 0,
  });

  it('fails as often as told, before or after the statement took effect', async () => {
    const store = new InMemoryScoreStore();
    store.insert('m');
    store.fail('write', { code: '57P01', times: 2 });
    for (let n = 0; n < 2; n++) await expect(store.write([write()])).rejects.toMatchObject({ code: '57P01' });
    expect(store.row('m')?.version).toBe(0);
    store.fail('write', { code: null, takesEffect: true });
    await expect(store.write([write()])).rejects.not.toHaveProperty('code');
    expect(store.row('m')?.version).toBe(1);
    store.heal('write');
    expect((await store.write([write()])).size).toBe(0);
    expect(store.statements.write).toBe(4);
  });

  it('holds answers back, with what was true when they were asked', async () => {
    const store = new InMemoryScoreStore();
    store.insert('m');
    const release = store.hold('load');
    const answer = store.load(['m']);
    await store.write([write()]);
    release();
    expect((await answer).get('m')?.version).toBe(0);
    expect((await store.load(['m'])).get('m')?.version).toBe(1);
  });

  it('refuses a statement with a poisoned match as a whole', async () => {
    const store = new InMemoryScoreStore();
    store.insert('m');
    store.poison('m', '22003');
    await expect(store.write([write()])).rejects.toMatchObject({ code: '22003' });
    expect(store.journal).toEqual([]);
  });

  it('a change of columns that readers use tears the row', () => {
    const store = new InMemoryScoreStore();
    store.insert('m', { home: slots(1) });
    store.change('m', { shown: { home: 5, away: 0 } });
    expect(store.row('m')?.torn).toBe(true);
    store.change('m', { home: slots(5) });
    expect(store.row('m')?.torn).toBe(false);
    expect(() => store.change('nobody', {})).toThrow('nobody');
  });
});
