import { describe, expect, it } from '@jest/globals';
import { tlsFailure, tlsFailureBehind } from './tls-failure.js';

const failure = (message: string, code?: string) => Object.assign(new Error(message), code && { code });

describe('why a connection over TLS did not come about', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', /authority that is not trusted here: .*NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /authority that is not trusted here/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another host/],
    ['CERT_HAS_EXPIRED', /renew it/],
    ['CERT_NOT_YET_VALID', /the clock of this machine/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /no TLS is spoken at that port/],
    ['EPROTO', /perhaps no TLS is spoken at that port/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /set `cert` and `key`/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /the authority of our certificate/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /other versions/],
  ])('is told by its code and what to do, not in the words of the driver: %s', (code, advice) => {
    const told = tlsFailure(failure("Host: db.internal. is not in the cert's altnames", code));
    expect(told).toMatch(new RegExp(`^${code}, .*${advice.source}`));
    expect(told).not.toContain('db.internal');
  });

  it('is found behind what was thrown', () => {
    const thrown = new Error('it failed', {
      cause: new Error('so did this', { cause: failure('x', 'CERT_HAS_EXPIRED') }),
    });
    expect(tlsFailureBehind(thrown)).toEqual({ code: 'CERT_HAS_EXPIRED', todo: expect.stringContaining('renew it') });
    expect(tlsFailureBehind(new Error('it failed', { cause: failure('y', 'ECONNREFUSED') }))).toBeNull();
  });

  it('is known by words where the driver gives no code of its own', () => {
    expect(tlsFailure(failure('The server does not support SSL connections'))).toMatch(/^no TLS is spoken/);
    const early = failure(
      'Client network socket disconnected before secure TLS connection was established',
      'ECONNRESET',
    );
    expect(tlsFailure(early)).toMatch(/^ECONNRESET, .*perhaps no TLS is spoken/);
  });

  it.each([
    failure('connect ECONNREFUSED', 'ECONNREFUSED'),
    failure('gone', 'ECONNRESET'),
    'text',
    null,
    undefined,
    {},
  ])('is null for another failure', (error) => {
    expect(tlsFailure(error)).toBeNull();
  });
});
