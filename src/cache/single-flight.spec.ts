import { describe, expect, it, jest } from '@jest/globals';
import { type Fill, SingleFlight } from './single-flight.js';

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

describe('SingleFlight', () => {
  it('loads once for readers that come together, and anew for later ones', async () => {
    const fills = new SingleFlight();
    const gate = deferred<string>();
    const load = jest.fn(() => gate.promise);
    const readers = Array.from({ length: 100 }, () => fills.share('list', load));
    gate.resolve('first');
    expect(new Set(await Promise.all(readers))).toEqual(new Set(['first']));
    expect(load).toHaveBeenCalledTimes(1);
    expect(fills.areNone).toBe(true);
    await fills.share('list', load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('does not let readers after an invalidation join what began before it', async () => {
    const fills = new SingleFlight();
    const gate = deferred<string>();
    let before: Fill | undefined;
    const early = fills.share('list', (fill) => {
      before = fill;
      return gate.promise;
    });
    expect(fills.invalidate(['list', 'other'])).toEqual([]);
    expect(before?.isStale).toBe(true);
    expect(await fills.share('list', async () => 'new')).toBe('new');
    gate.resolve('old');
    expect(await early).toBe('old');
  });

  it('names the stores that had begun, so that a deletion can follow them', async () => {
    const fills = new SingleFlight();
    const stored = deferred<void>();
    await fills.share('list', async (fill) => fill.keep(() => stored.promise));
    const [storing] = fills.invalidate(['list']);
    expect(storing).toBe(stored.promise);
    stored.resolve();
  });

  it('gives every reader the error of the loader and starts anew after it', async () => {
    const fills = new SingleFlight();
    const failing = [1, 2].map(() => fills.share('list', () => Promise.reject(new Error('no database'))));
    for (const reader of failing) await expect(reader).rejects.toThrow('no database');
    expect(await fills.share('list', async () => 'well')).toBe('well');
  });

  it('does not let readers wait for ever on a loader that hangs', () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    const fills = new SingleFlight();
    const begun: Fill[] = [];
    const load = jest.fn((fill: Fill) => {
      begun.push(fill);
      return new Promise<never>(() => undefined);
    });
    void fills.share('list', load);
    now.mockReturnValue(5_999);
    void fills.share('list', load);
    expect(load).toHaveBeenCalledTimes(1);
    now.mockReturnValue(6_000);
    void fills.share('list', load);
    expect(load).toHaveBeenCalledTimes(2);
    expect(begun.map((fill) => fill.isStale)).toEqual([true, false]);
    now.mockRestore();
  });
});
