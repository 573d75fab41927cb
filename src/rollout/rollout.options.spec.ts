import { describe, expect, it } from '@jest/globals';
import { InvalidOptionError } from '../kernel/livescore.errors.js';
import { type RolloutOptions, resolveRolloutOptions } from './rollout.options.js';
import { resolveRolloutWatchOptions } from './watch/rollout-watch.options.js';

describe('the options of the rollout', () => {
  it('have defaults', () => {
    expect(resolveRolloutOptions(undefined, {})).toEqual({
      pollMs: 500,
      killSwitch: false,
      maxStage: 'direct',
      moveTimeoutMs: 1_000,
      legacy: 'bound',
      legacyItems: ['score', 'status', 'incidents', 'statistics'],
      watch: resolveRolloutWatchOptions(),
    });
  });

  it.each<[RolloutOptions, Record<string, string>, object]>([
    [{}, { LIVESCORE_KILL_SWITCH: 'true' }, { killSwitch: true, maxStage: 'direct' }],
    [{ killSwitch: false }, { LIVESCORE_KILL_SWITCH: ' TRUE ' }, { killSwitch: true }],
    [{ killSwitch: true }, { LIVESCORE_KILL_SWITCH: 'false' }, { killSwitch: true }],
    [{}, { LIVESCORE_KILL_SWITCH: '' }, { killSwitch: false }],
    [{}, { LIVESCORE_MAX_STAGE: 'shadow' }, { maxStage: 'shadow' }],
    [{ maxStage: 'canary' }, { LIVESCORE_MAX_STAGE: 'direct' }, { maxStage: 'canary' }],
    [{ maxStage: 'canary' }, { LIVESCORE_MAX_STAGE: 'Legacy' }, { maxStage: 'legacy' }],
    [{ maxStage: 'canary' }, { LIVESCORE_MAX_STAGE: '' }, { maxStage: 'canary' }],
  ])('%j in the environment %j are %j: it can only lower', (options, environment, expected) => {
    expect(resolveRolloutOptions(options, environment)).toMatchObject(expected);
  });

  it.each<[object, Record<string, string>, string]>([
    [{ pollMs: 99 }, {}, 'pollMs'],
    [{ pollMs: 1_001 }, {}, 'pollMs'],
    [{ killSwitch: 'no' }, {}, 'killSwitch'],
    [{ maxStage: 'full' }, {}, 'maxStage'],
    [{ moveTimeoutMs: 0.5 }, {}, 'moveTimeoutMs'],
    [{ legacyItems: ['goals'] }, {}, 'legacyItems'],
    [{ legacy: 'nothing' }, {}, 'legacy'],
    [{ legacy: 'none', killSwitch: true }, {}, 'killSwitch'],
    [{ legacy: 'none' }, { LIVESCORE_KILL_SWITCH: 'true' }, 'killSwitch'],
    [{ legacy: 'none', maxStage: 'canary' }, {}, 'maxStage'],
    [{ legacy: 'none' }, { LIVESCORE_MAX_STAGE: 'shadow' }, 'maxStage'],
    [{}, { LIVESCORE_KILL_SWITCH: 'perhaps' }, 'LIVESCORE_KILL_SWITCH'],
    [{}, { LIVESCORE_MAX_STAGE: 'canary10' }, 'LIVESCORE_MAX_STAGE'],
  ])('%j in the environment %j are refused, naming %s', (options, environment, named) => {
    const resolve = () => resolveRolloutOptions(options, environment);
    expect(resolve).toThrow(InvalidOptionError);
    expect(resolve).toThrow(named);
  });
});
