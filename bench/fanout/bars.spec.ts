import { describe, expect, it } from '@jest/globals';
import { bar, missed } from './bars.js';

describe('bar', () => {
  it('is met up to its bound, and not known without a figure', () => {
    expect([bar(0.95, 0.95).met, bar(0.951, 0.95).met, bar(null, 1).met, bar(undefined, 1).value]).toEqual([
      true,
      false,
      null,
      null,
    ]);
  });

  it('is missed only when it was measured', () => {
    expect(missed({ a: bar(2, 1), b: bar(1, 1), c: bar(null, 1) })).toEqual(['a']);
  });
});
