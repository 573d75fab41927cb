import { describe, expect, it } from '@jest/globals';
import { toldError, withoutSecrets } from './told-error.js';

describe('an error in a log', () => {
  it.each([
    ['connect ECONNREFUSED 192.0.2.1:5432', 'connect ECONNREFUSED [host]'],
    ['getaddrinfo ENOTFOUND db.internal', 'getaddrinfo ENOTFOUND [host]'],
    ['cannot read postgres://bob:pw@db:5432/x', 'cannot read postgres://[address]'],
    ['password authentication failed for user "bob"', 'password authentication failed for user [left out]'],
    ['relation "ts_matches" does not exist', 'relation "ts_matches" does not exist'],
    ['deadlock detected', 'deadlock detected'],
  ])('%s', (text, told) => {
    expect(withoutSecrets(text)).toBe(told);
  });

  it('has its class and where it was thrown', () => {
    expect(toldError(new TypeError('no such thing'))).toMatch(/^TypeError: no such thing \(at .+\)$/);
    expect(toldError(7)).toBe(7);
  });
});
