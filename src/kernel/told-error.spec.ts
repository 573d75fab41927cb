import { describe, expect, it } from '@jest/globals';
import { toldError, withoutSecrets } from './told-error.js';

const FRAME = 'file:///app/node_modules/@nestjs/core/router/router-proxy.js:9:23';

describe('an error in a log', () => {
  it.each([
    ['connect ECONNREFUSED 192.0.2.1:5432', 'connect ECONNREFUSED [host]'],
    ['getaddrinfo ENOTFOUND db.internal', 'getaddrinfo ENOTFOUND [host]'],
    ['getaddrinfo EAI_AGAIN db.goalgpt.tr', 'getaddrinfo EAI_AGAIN [host]'],
    ['connect ETIMEDOUT 2001:db8::1:5432 - Local (2001:db8::2:40000)', 'connect ETIMEDOUT [host]'],
    ['cannot read postgres://bob:pw@db:5432/x', 'cannot read postgres://[address]'],
    ['cannot read postgres://bob:p)w@db:5432/x', 'cannot read postgres://[address]'],
    ['cannot read bob:p/w@db.goalgpt.tr', 'cannot read [address]'],
    ['no answer of db.goalgpt.tr:5432', 'no answer of [host]'],
    ['issued for DNS:intranet, DNS:db.goalgpt.dk', 'issued for DNS:[host], DNS:[host]'],
    ['no answer of db.goalgpt.com.tr', 'no answer of [host]'],
    ['password authentication failed for user "bob"', 'password authentication failed for user [left out]'],
    ['{"password":"hunter2","tries":3}', '{"password":[left out],"tries":3}'],
    ['{"password":"hun\\"ter2","tries":3}', '{"password":[left out],"tries":3}'],
    ['body {\\"password\\":\\"hunter2\\"}', 'body {\\"password\\":[left out]}'],
    ['client_secret=abc', 'client_secret=[left out]'],
    ['clientSecret: abc', 'clientSecret: [left out]'],
    ['AWS_SECRET_ACCESS_KEY=abc', 'AWS_SECRET_ACCESS_KEY=[left out]'],
    ['PGPASSWORD=hunter2', 'PGPASSWORD=[left out]'],
    ['PGHOST=db PGUSER=bob', 'PGHOST=[left out] PGUSER=[left out]'],
    ['db_password: s3', 'db_password: [left out]'],
  ])('loses what an attacker could use: %s', (text, told) => {
    expect(withoutSecrets(text)).toBe(told);
  });

  it.each([
    'relation "ts_matches" does not exist',
    'column "user" does not exist',
    'column "password" of relation "users" does not exist',
    'relation "public.test" does not exist',
    'ERROR relation x does not exist',
    'ETIMEDOUT after 1000 ms',
    'ECONNRESET while reading',
    'deadlock detected',
    'began at 18:30:03',
    `thrown at ${FRAME}`,
    'thrown at src/kernel/told-error.ts:12:5',
  ])('keeps: %s', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it('names no host of a certificate', () => {
    const text =
      "Hostname/IP does not match certificate's altnames: Host: db.goalgpt.tr. is not in the cert's altnames: DNS:a.goalgpt.tr, DNS:b.goalgpt.tr";
    expect(withoutSecrets(text)).not.toContain('goalgpt');
    const told = toldError(Object.assign(new Error(text), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }));
    expect(told).toMatch(/^Error: ERR_TLS_CERT_ALTNAME_INVALID, the certificate is for another host/);
    expect(told).not.toContain('goalgpt');
  });

  it('has its class and where it was thrown', () => {
    expect(toldError(new TypeError('no such thing'))).toMatch(/^TypeError: no such thing \(at .+told-error\.spec.+\)$/);
    expect(toldError(7)).toBe(7);
  });

  it('was thrown where its stack says, whatever lines its words have', () => {
    const two = new Error('cannot connect\n    at db.goalgpt.tr:5432 password=hunter2\n    at db.goalgpt.tr:5432:1');
    expect(toldError(two)).toMatch(/ \(at .+told-error\.spec.+\)$/);
    expect(toldError(two)).not.toMatch(/goalgpt|hunter2/);
    two.message = 'said again';
    expect(toldError(two)).not.toMatch(/goalgpt|hunter2/);
  });

  it('shows the place in an ES module', () => {
    const error = Object.assign(new Error('x'), { stack: `Error: x\n    at async ${FRAME}\n    at later (a.js:1:1)` });
    expect(toldError(error)).toBe(`Error: x (at async ${FRAME})`);
  });

  it('is cut behind what it loses, never within', () => {
    for (let length = 440; length < 500; length++) {
      expect(withoutSecrets(`${'x'.repeat(length)} bob:hunter2@db.goalgpt.tr:5432`)).not.toMatch(/bob|hunt/);
    }
    const addresses = 'postgres://a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p/q '.repeat(60);
    for (let length = 0; length < 45; length++) {
      const text = `${'x'.repeat(length)} ${addresses.slice(0, 1_940)} bob:hunter2@db.goalgpt.tr:5432 ${addresses}`;
      expect(withoutSecrets(text)).not.toMatch(/bob|hunt/);
    }
    expect(withoutSecrets('word '.repeat(1_000)).length).toBeLessThanOrEqual(500);
  });

  it.each(['a', '1', ':', 'a:', '1:', 'a.', 'a_', 'a-', '1_', '@', 'a@', 'user ', '"', 'a://', 'DNS:', 'password'])(
    'takes no time however often %j stands in it',
    (part) => {
      // of our own: what the machine does beside it does not count
      const before = process.cpuUsage();
      withoutSecrets(part.repeat(100_000));
      expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
    },
  );
});
