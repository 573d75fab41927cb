import { describe, expect, it } from '@jest/globals';
import { shownReason } from './shown-reason.js';

describe('the reason that is shown', () => {
  it.each([
    [
      'the code of the system',
      Object.assign(new Error('connect ECONNREFUSED 192.0.2.7:6379'), { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
    ],
    ['the first word of an answer', new Error('WRONGPASS invalid username-password pair'), 'WRONGPASS'],
    [
      'nothing of a command that the server repeats',
      new Error("ERR unknown command 'AUTH', with args beginning with: 'user' 'secret'"),
      'ERR',
    ],
    ['the words of the driver', new Error('Socket closed unexpectedly'), 'Socket closed unexpectedly'],
    ['little, when nothing is known', 'secret', 'unknown'],
  ])('is %s', (_, error, reason) => {
    expect(shownReason(error)).toBe(reason);
  });
});
