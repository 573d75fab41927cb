import { describe, expect, it } from '@jest/globals';
import { asksForProtocol2, selectProtocol, tokenOf, urlWithoutToken } from './upgrade-token.js';

const request = (url: string, headers: Record<string, string> = {}) => ({ url, headers });
const protocols = (list: string) => ({ 'sec-websocket-protocol': list });

describe('tokenOf', () => {
  it.each([
    ['/ws', {}, null],
    ['/ws?token=', {}, null],
    ['/ws?token=q', {}, 'q'],
    ['/ws?a=1&token=q%2Br', {}, 'q+r'],
    ['/ws?token=q', protocols('livescore.v2, bearer.s.t-u'), 's.t-u'],
    ['/ws', protocols('bearer.'), null],
    ['/ws?token=q', { authorization: 'Bearer h', ...protocols('bearer.s') }, 'h'],
    ['/ws', { authorization: 'bearer  h' }, 'h'],
    ['/ws?token=q', { authorization: 'Basic dTpw' }, 'q'],
    ['/ws', { authorization: 'Bearer a b' }, null],
    ['/ws', { authorization: 'Bearer ' }, null],
  ])('reads %s with %j as %j', (url, headers, token) => {
    expect(tokenOf(request(url, headers as Record<string, string>))).toBe(token);
  });
});

describe('selectProtocol', () => {
  it.each([
    [['livescore.v2', 'bearer.t'], 'livescore.v2'],
    [['bearer.t', 'other', 'livescore.v2'], 'livescore.v2'],
    [['bearer.t', 'livescore'], 'livescore'],
    [['other', 'another'], 'other'],
    [['bearer.t'], false],
    [[], false],
  ])('answers %j with %j', (offered, selected) => {
    expect(selectProtocol(new Set(offered))).toBe(selected);
  });
});

describe('asksForProtocol2', () => {
  it.each([
    ['/ws', {}, false],
    ['/ws?protocol=2', {}, true],
    ['/ws?protocol=1', {}, false],
    ['/ws?clock=1&protocol=2', {}, true],
    ['/ws', protocols('bearer.t,livescore.v2'), true],
    ['/ws', protocols('livescore'), false],
  ])('says of %s with %j: %j', (url, headers, expected) => {
    expect(asksForProtocol2(request(url, headers as Record<string, string>))).toBe(expected);
  });
});

describe('urlWithoutToken', () => {
  it.each([
    ['/ws', '/ws'],
    ['/ws?token=t', '/ws'],
    ['/ws?clock=1&token=t&protocol=2&token=u', '/ws?clock=1&protocol=2'],
    ['/ws?%74oken=t&a', '/ws?a'],
    ['/ws?tokens=1', '/ws?tokens=1'],
    ['/ws?a=b?token=t', '/ws?a=b?token=t'],
  ])('makes %s %s', (url, expected) => {
    expect(urlWithoutToken(request(url))).toBe(expected);
  });
});
