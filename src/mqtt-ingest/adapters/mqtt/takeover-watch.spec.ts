import { beforeEach, describe, expect, it } from '@jest/globals';
import { TakeoverWatch } from './takeover-watch.js';

const THREE = 3;

describe('TakeoverWatch', () => {
  let watch: TakeoverWatch;
  let nowMs: number;

  beforeEach(() => {
    watch = new TakeoverWatch();
    nowMs = 0;
  });

  /** One connection of this length. */
  const connection = (lastsMs: number): boolean => {
    watch.connected(nowMs);
    nowMs += lastsMs;
    return watch.closed(nowMs, THREE);
  };

  it('suspects another client when connection after connection ends within 5 s', () => {
    expect([connection(10), connection(4_999), connection(10), connection(10)]).toEqual([false, false, true, true]);
  });

  it('begins anew after a connection that lasted', () => {
    expect([connection(10), connection(10), connection(5_000), connection(10), connection(10)]).not.toContain(true);
  });

  it('begins anew after an attempt that failed, and after a connection that we ended', () => {
    expect([connection(10), connection(10), watch.closed(nowMs, THREE), connection(10)]).not.toContain(true);
    connection(10);
    watch.reset();
    expect(connection(10)).toBe(false);
  });
});
