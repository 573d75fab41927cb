import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import type { WriteFence } from '../contracts/write-fence.js';
import { InMemoryMinuteStore } from '../testing/index.js';
import { resolveMinuteOptions } from './minute.options.js';
import { MinuteHold } from './minute-hold.js';

class CountingStore extends InMemoryMinuteStore {
  asked = 0;

  override hold(...hold: Parameters<InMemoryMinuteStore['hold']>): Promise<void> {
    this.asked += 1;
    return super.hold(...hold);
  }
}

describe('the hold of minutes', () => {
  let time: VirtualTime;
  let store: CountingStore;
  let right: { granted: boolean; fence: number | null };
  let hold: MinuteHold;
  beforeEach(() => {
    time = new VirtualTime();
    store = new CountingStore();
    right = { granted: true, fence: 1 };
    const options = resolveMinuteOptions({ mode: 'on', tickMs: 10_000 });
    hold = new MinuteHold(options, store, right as WriteFence, new VirtualScheduler(time));
  });

  it('asks the database when the matches change, or half of its time has passed', async () => {
    await hold.keep([]);
    await hold.keep(['b', 'a']);
    await hold.keep(['a', 'b']);
    expect([store.asked, store.held]).toEqual([1, ['a', 'b']]);
    await time.advance(15_000);
    await hold.keep(['a', 'b']);
    await hold.keep(['a']);
    expect([store.asked, store.held]).toEqual([3, ['a']]);
  });

  it('is let go at once, once', async () => {
    await hold.keep(['a']);
    await hold.release();
    await hold.release();
    expect([store.asked, store.held]).toEqual([2, []]);
  });

  it('is left to whoever has the lease by now', async () => {
    await hold.keep(['a']);
    Object.assign(right, { granted: false, fence: null });
    store.held = ['theirs'];
    await hold.keep([]);
    await hold.release();
    expect(store.held).toEqual(['theirs']);
    Object.assign(right, { granted: true, fence: 3 });
    await hold.keep(['a']);
    expect(store.held).toEqual(['a']);
  });
});
