import { describe, expect, it } from '@jest/globals';
import { UsageError } from './cli.errors.js';
import { readStageArguments } from './stage-arguments.js';

const why = ['--reason', 'because'];
const set = (...argv: string[]) => ['set', ...argv, ...why];

describe('the arguments of stage', () => {
  it.each<[string[], object]>([
    [['get'], { action: 'get', json: false }],
    [['get', '--json'], { action: 'get', json: true }],
    [['history'], { action: 'history', limit: 20, json: false }],
    [['history', '--limit', '3'], { action: 'history', limit: 3, json: false }],
    [
      set('legacy'),
      { action: 'set', wanted: { stage: 'legacy' }, reason: 'because', resetLatch: false, anyway: false, json: false },
    ],
    [
      set('canary', '--percent', '10', '--by', 'anna', '--reset-latch'),
      {
        action: 'set',
        wanted: { stage: 'canary', percent: 10 },
        by: 'anna',
        reason: 'because',
        resetLatch: true,
        anyway: false,
        json: false,
      },
    ],
  ])('read %j', (argv, request) => {
    expect(readStageArguments(argv)).toEqual(request);
  });

  it.each<[string[], object]>([
    [['--allow', 'm1', '--allow', 'm2', '--allow', 'm1'], { allowMatches: ['m1', 'm2'] }],
    [['--deny', 'none'], { denyMatches: [] }],
    [['--allow-competition', 'c1', '--deny-competition', 'none'], { allowCompetitions: ['c1'], denyCompetitions: [] }],
    [['--plan', 'none'], { stepPlan: null }],
    [
      ['--plan', '1:3600, 10:60,100:0'],
      {
        stepPlan: [
          { percent: 1, soakS: 3_600 },
          { percent: 10, soakS: 60 },
          { percent: 100, soakS: 0 },
        ],
      },
    ],
  ])('change what is given: %j', (argv, wanted) => {
    expect(readStageArguments(set('canary', ...argv))).toMatchObject({ wanted: { stage: 'canary', ...wanted } });
  });

  it.each([
    [[], 'get, set STAGE or history'],
    [['put'], 'get, set STAGE or history'],
    [['get', 'more'], 'get, set STAGE or history'],
    [['set', ...why], 'get, set STAGE or history'],
    [set('full'), 'legacy, shadow, canary, direct'],
    [['set', 'legacy'], '--reason'],
    [['set', 'legacy', '--reason', ' '], '--reason'],
    [['get', '--percent', '1'], '--percent does not belong to get'],
    [['history', '--reason', 'x'], '--reason does not belong to history'],
    [['history', '--limit', '0'], '--limit'],
    [set('canary', '--percent', '101'), '--percent'],
    [set('canary', '--percent', '1.5'), '--percent'],
    [set('canary', '--allow', ' '), '--allow'],
    [set('canary', '--allow', 'none', '--allow', 'm1'), '--allow'],
    [set('canary', '--plan', '10'), '--plan'],
    [set('canary', '--plan', '101:5'), '--plan'],
    [set('canary', '--plan', '10:60,10:60'), 'rise'],
    [set('canary', '--sort'), '--sort'],
  ])('refuse %j', (argv, named) => {
    expect(() => readStageArguments(argv)).toThrow(UsageError);
    expect(() => readStageArguments(argv)).toThrow(named);
  });
});
