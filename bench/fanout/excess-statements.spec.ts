import { describe, expect, it } from '@jest/globals';
import { excessStatements, sumOf } from './excess-statements.js';

describe('excessStatements', () => {
  const calm = { texts: { renew: 2, poll: 20 }, ms: 4_000 };

  it('counts every statement that a calm process does not send', () => {
    const excess = excessStatements({ texts: { load: 3, renew: 1 }, ms: 2_000 }, calm);
    expect(excess).toEqual({ load: 3 });
  });

  it('counts what is sent more often than by the clock', () => {
    const excess = excessStatements({ texts: { renew: 2, poll: 16 }, ms: 2_000 }, calm);
    expect(excess).toEqual({ poll: 5 });
    expect(sumOf(excess)).toBe(5);
  });

  it('counts nothing of a process that goes on as before', () => {
    expect(excessStatements({ texts: { renew: 1, poll: 11 }, ms: 2_000 }, calm)).toEqual({});
  });
});
