import { describe, expect, it } from '@jest/globals';
import { operator, readInteger, readNumber, readTime } from './arguments.js';
import { UsageError } from './cli.errors.js';

describe('numbers', () => {
  it.each(['0x10', '1e1', '1_0', '٣', 'Infinity', ' 5', '5 ', '', '+5', '.5', '5.'])('refuse %j', (text) => {
    expect(() => readNumber('percent', text, 0, 100)).toThrow(UsageError);
    expect(() => readInteger('percent', text, 0, 100)).toThrow(UsageError);
  });

  it('are read as people write them', () => {
    expect([readInteger('n', '-7', -10, 10), readNumber('n', '0.5', 0, 1), readInteger('n', '010', 0, 10)]).toEqual([
      -7, 0.5, 10,
    ]);
  });
});

describe('times', () => {
  it.each([
    '2026-02-31T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-04-31T12:00Z',
    '2026-05-01T25:00:00Z',
    '2026-05-01T18:30:00',
    '2026-05-01T noon Z',
  ])('that are none are refused: %s', (text) => {
    expect(() => readTime('since', text, 0)).toThrow(UsageError);
  });

  it.each(['2028-02-29T00:00:00Z', '2026-12-31T23:59:59.999+03:00', '2026-05-01T18:30Z'])('are read: %s', (text) => {
    expect(readTime('since', text, 0)).toBe(Date.parse(text));
  });
});

describe('who changes something', () => {
  it.each([
    [{ USER: 'ada' }, 'ada'],
    [{ LOGNAME: 'ada' }, 'ada'],
  ])('is the user of the shell: %j', (env, who) => expect(operator(undefined, env)).toBe(who));

  it('is the user of the process where the shell does not say', () => {
    expect(operator(undefined, {})).toMatch(/\S/);
  });

  it('is who --by says, and that is not blank', () => {
    expect(operator('ada', { USER: 'bob' })).toBe('ada');
    expect(() => operator(' ', { USER: 'bob' })).toThrow(UsageError);
    expect(() => operator(undefined, { USER: '' })).toThrow(UsageError);
  });
});
