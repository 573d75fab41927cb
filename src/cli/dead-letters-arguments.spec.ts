import { describe, expect, it } from '@jest/globals';
import { UsageError } from './cli.errors.js';
import { readDeadLettersArguments } from './dead-letters-arguments.js';

describe('the arguments of dead-letters', () => {
  it.each([
    [['list'], { action: 'list', selection: {}, limit: 50, json: false }],
    [
      ['list', '--reason', 'malformed', '--match', 'm1', '--limit', '7', '--json'],
      { action: 'list', selection: { reason: 'malformed', matchId: 'm1' }, limit: 7, json: true },
    ],
    [['list', '--payload', '12'], { action: 'payload', id: '12', json: false }],
    [['redrive', '--all'], { action: 'redrive', selection: {}, waitS: null, json: false }],
    [['redrive', '--id', '3', '--wait', '5'], { action: 'redrive', selection: { id: '3' }, waitS: 5, json: false }],
    [
      ['purge', '--older-than', '7d', '--reason', 'unknown-match', '--dry-run'],
      {
        action: 'purge',
        selection: { reason: 'unknown-match', olderThanS: 604_800 },
        dryRun: true,
        yes: false,
        json: false,
      },
    ],
  ])('read %j', (argv, request) => {
    expect(readDeadLettersArguments(argv)).toEqual(request);
  });

  it.each([
    ['90s', 90],
    ['30m', 1_800],
    ['12h', 43_200],
    ['0d', 0],
  ])('understand the age %s', (text, olderThanS) => {
    expect(readDeadLettersArguments(['purge', '--older-than', text])).toMatchObject({ selection: { olderThanS } });
  });

  it.each([
    [[], 'list, redrive or purge'],
    [['lsit'], 'list, redrive or purge'],
    [['list', 'more'], 'list, redrive or purge'],
    [['list', '--limit', '0'], '--limit'],
    [['list', '--limit', '1.5'], '--limit'],
    [['list', '--reason', 'unknown'], '--reason'],
    [['list', '--payload', 'x'], '--payload'],
    [['list', '--all'], '--all does not belong to list'],
    [['list', '--sort'], '--sort'],
    [['redrive'], 'which letters'],
    [['redrive', '--all', '--id', '1'], '--all'],
    [['redrive', '--id', '-1'], '--id'],
    [['redrive', '--id', '9223372036854775808'], '--id'],
    [['redrive', '--match', ' '], '--match'],
    [['redrive', '--all', '--wait', '0'], '--wait'],
    [['redrive', '--all', '--dry-run'], '--dry-run does not belong to redrive'],
    [['purge'], 'which letters'],
    [['purge', '--dry-run'], 'which letters'],
    [['purge', '--match', 'm'], '--match does not belong to purge'],
    [['purge', '--older-than', '7 days'], '--older-than'],
    [['purge', '--older-than', '9999999999d'], '--older-than'],
  ])('refuse %j', (argv, named) => {
    expect(() => readDeadLettersArguments(argv)).toThrow(UsageError);
    expect(() => readDeadLettersArguments(argv)).toThrow(named);
  });
});
