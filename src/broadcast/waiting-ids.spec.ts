import { describe, expect, it } from '@jest/globals';
import { WaitingIds } from './waiting-ids.js';

const ids = (count: number, prefix: string) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe('the ids that wait', () => {
  it('are those of few first, then what changed, then the long lists', () => {
    const waiting = new WaitingIds();
    waiting.want(ids(600, 'long'));
    waiting.changed('changed');
    waiting.want(['few']);
    const first = [...waiting.next()];
    expect([first.slice(0, 3), first.length]).toEqual([['few', 'changed', 'long0'], 500]);
    expect([waiting.next().size, waiting.areNone]).toEqual([102, true]);
  });

  it('are bounded, and a long list keeps nobody out who asks for a few', () => {
    const waiting = new WaitingIds();
    expect(waiting.want(ids(20_000, 'm'))).toBe(true);
    expect([waiting.want(ids(11, 'n')), waiting.want(['few'])]).toEqual([false, true]);
  });

  it('are taken once', () => {
    const waiting = new WaitingIds();
    waiting.want(['m1']);
    waiting.changed('m1');
    expect([[...waiting.next()], waiting.areNone]).toEqual([['m1'], true]);
  });
});
