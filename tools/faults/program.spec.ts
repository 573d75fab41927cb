import { describe, expect, it } from '@jest/globals';
import { isBroadcastRun } from './program.js';

describe('the program that --only asks for', () => {
  it.each([
    [['--only', 'broadcast'], true],
    [['--only=broadcast', '--short'], true],
    [['--seed', '2', '--only', 'broadcast', '--json'], true],
    [['--only', 'kill-9'], false],
    [['--rounds', '12', '--json'], false],
    [['broadcast'], false],
    [[], false],
  ])('%j: broadcast %j', (args, expected) => {
    expect(isBroadcastRun(args)).toBe(expected);
  });
});
