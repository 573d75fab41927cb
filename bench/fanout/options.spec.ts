import { describe, expect, it } from '@jest/globals';
import { readFanoutOptions } from './options.js';

describe('the options of the fan-out bench', () => {
  it('measures everything in five rounds by default', () => {
    expect(readFanoutOptions([])).toEqual({
      json: false,
      quick: false,
      sizes: [100, 1_000, 5_000],
      rounds: 5,
      sections: ['matchDay', 'fanout', 'idle', 'storm', 'gateways'],
      idleMs: 60_000,
      idleAfterMs: 20_000,
      profiles: null,
    });
  });

  it('takes one number of clients, sections and rounds', () => {
    const options = readFanoutOptions([
      '--json',
      '--clients',
      '700',
      '--rounds',
      '2',
      '--only',
      'idle',
      '--only',
      'storm',
    ]);
    expect(options).toMatchObject({ json: true, sizes: [700], rounds: 2, sections: ['idle', 'storm'] });
  });

  it('is short with --quick', () => {
    expect(readFanoutOptions(['--quick'])).toMatchObject({ sizes: [100], rounds: 1, idleMs: 5_000, idleAfterMs: 0 });
  });

  it.each([
    [['--clients', '0'], '--clients'],
    [['--clients', '20000'], '--clients'],
    [['--rounds', '1.5'], '--rounds'],
    [['--only', 'everything'], '--only'],
    [['--loud'], '--loud'],
  ])('refuses %j', (args, named) => {
    expect(() => readFanoutOptions(args)).toThrow(named);
  });
});
