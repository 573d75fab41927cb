import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type Certificate, PrivateAuthority } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { LogLines } from './log-lines.js';
import { SECRET, SECURED_SERVICES, type UsedService } from './secured-services.js';
import { trust } from './trust.js';

guardAgainstLeaks();

describe.each(SECURED_SERVICES)('TLS to $name, with a private certificate', (service) => {
  let authority: PrivateAuthority;
  let others: PrivateAuthority;
  let used: UsedService | undefined;
  let distrust: (() => void) | undefined;
  const log = new LogLines();

  beforeAll(() => {
    authority = new PrivateAuthority();
    others = new PrivateAuthority('Authority of somebody else');
  });
  beforeEach(() => Logger.overrideLogger(log));
  afterEach(async () => {
    distrust?.();
    distrust = undefined;
    await used?.stop();
    const told = `${log.take()} ${used?.thrown()}`;
    used = undefined;
    Logger.overrideLogger(['log']);
    expect(told).not.toContain(SECRET);
  });
  afterAll(() => {
    for (const one of [authority, others]) one.remove();
  });

  it('works when the process trusts the authority', async () => {
    distrust = trust(authority.ca);
    used = await service.start(authority.server());
    await eventually(() => used?.works(), { what: 'an answer' });
  });

  it.each<[string, () => Certificate | null, RegExp]>([
    ['nobody trusts the authority', () => others.server(), /\w+, .*not trusted here: .*NODE_EXTRA_CA_CERTS/],
    [
      'the certificate is for another host',
      () => authority.server({ host: 'other.example' }),
      /ERR_TLS_CERT_ALTNAME_INVALID, .*another host; connect by a name that stands in it/,
    ],
    ['the certificate has expired', () => authority.server({ expired: true }), /CERT_HAS_EXPIRED, .*renew it/],
    ['there is no TLS at that port', () => null, /no TLS is spoken at that port: correct the port/],
  ])('does not work when %s, and says what to do', async (_case, certificate, expected) => {
    distrust = trust(authority.ca);
    const shown = certificate();
    used = await service.start(shown);
    const isTold = async () => {
      if ((await used?.works()) || expected.test(String(used?.thrown())) || log.has(expected)) return true;
      // a busy machine: the log tells of the first failure only, and that was that nothing came in time
      if (!log.has(/within \d+ ms/)) return false;
      await used?.stop();
      log.take();
      used = await service.start(shown);
      return false;
    };
    await eventually(isTold, { what: 'what to do', timeoutMs: 60_000 });
    expect(await used.works()).toBe(false);
  });
});
