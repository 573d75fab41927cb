import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../cli.errors.js';
import { readRevertArguments } from './revert-arguments.js';

const NOW = Date.parse('2026-05-01T20:00:00Z');
const read = (argv: readonly string[]) => readRevertArguments(argv, NOW);
const plain = { dryRun: false, pin: true, json: false };

describe('the arguments of revert', () => {
  it.each([
    [['--match', 'm1'], { scope: { matchId: 'm1' }, ...plain }],
    [['--since', '30m'], { scope: { sinceMs: NOW - 1_800_000 }, ...plain }],
    [
      ['--since', '2026-05-01T18:30:00+03:00', '--until', '2026-05-01T18:00:00Z', '--dry-run', '--json'],
      {
        scope: { sinceMs: Date.parse('2026-05-01T15:30:00Z'), untilMs: Date.parse('2026-05-01T18:00:00Z') },
        dryRun: true,
        pin: true,
        json: true,
      },
    ],
    [
      ['--cohort', 'canary', '--no-pin', '--by', 'ada', '--reason', 'wrong slots'],
      { scope: { cohort: 'canary' }, dryRun: false, pin: false, json: false, by: 'ada', reason: 'wrong slots' },
    ],
  ])('read %j', (argv, request) => {
    expect(read(argv)).toEqual(request);
  });

  it.each([
    [[], 'what to revert'],
    [['--until', '5m'], 'what to revert'],
    [['m1'], 'unexpected "m1"'],
    [['--match', ' '], '--match'],
    [['--since', '2026-05-01 18:30'], '--since'],
    [['--since', '2026-05-01T18:30:00'], '--since'],
    [['--since', 'yesterday'], '--since'],
    [['--since', '5m', '--until', '10m'], '--until is before --since'],
    [['--cohort', 'shadow'], '--cohort'],
  ])('refuse %j', (argv, named) => {
    expect(() => read(argv)).toThrow(UsageError);
    expect(() => read(argv)).toThrow(named);
  });
});
