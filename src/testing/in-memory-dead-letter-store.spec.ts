import { describe, expect, it } from '@jest/globals';
import { deadLetterStoreContract, letterOf } from '../../test/contracts/dead-letter-store.contract.js';
import { InMemoryDeadLetterStore } from './index.js';

deadLetterStoreContract('the in-memory store', async () => {
  const store = new InMemoryDeadLetterStore();
  return {
    store,
    letters: async () => store.letters,
    mark: async (ids) => store.mark(...ids),
    clear: () => store.remove(store.letters),
    close: async () => {},
  };
});

describe('InMemoryDeadLetterStore', () => {
  it('fails as often as told', async () => {
    const store = new InMemoryDeadLetterStore();
    store.fail({ code: '57P01', times: 2 });
    for (let n = 0; n < 2; n++) await expect(store.insert([letterOf()])).rejects.toMatchObject({ code: '57P01' });
    store.fail({ code: null, times: 9 });
    await expect(store.claimRedrives()).rejects.not.toHaveProperty('code');
    store.heal();
    await store.insert([letterOf()]);
    expect([store.letters.length, store.statements]).toEqual([1, 4]);
  });

  it('refuses a statement with a letter that it does not take', async () => {
    const store = new InMemoryDeadLetterStore();
    store.refuse('bad');
    await expect(store.insert([letterOf(), letterOf({ topic: 'bad' })])).rejects.toMatchObject({ code: '22021' });
    expect(store.letters).toEqual([]);
  });
});
