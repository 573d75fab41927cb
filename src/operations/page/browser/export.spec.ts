import { describe, expect, it } from '@jest/globals';
import { csvText } from './export.js';

describe('the table of a plot as CSV', () => {
  it('has a line for each row, empty where nothing is known', () => {
    const lines = [
      [1, 2.5],
      [2, null],
    ];
    expect(csvText({ heads: ['time', 'p95 ms'], lines })).toBe('time,p95 ms\r\n1,2.5\r\n2,\r\n');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3', "'-2+3"],
    ['A "B", C', '"A ""B"", C"'],
    ['two\nlines', '"two\nlines"'],
    ['Beşiktaş', 'Beşiktaş'],
  ])('makes no formula of a foreign text: %j', (text, written) => {
    expect(csvText({ heads: [], lines: [[text]] })).toBe(`\r\n${written}\r\n`);
  });

  it('leaves numbers alone, negative ones too', () => {
    expect(csvText({ heads: ['x'], lines: [[-5]] })).toBe('x\r\n-5\r\n');
  });
});
