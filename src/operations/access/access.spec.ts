import { describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../../test/support/virtual-scheduler.js';
import { InvalidOptionError } from '../../kernel/livescore.errors.js';
import type { PageRequest } from '../http/page-request.js';
import { resolveOperationsOptions } from '../operations.options.js';
import { actorOf } from './actor.js';
import { isSameOrigin } from './anti-forgery.js';
import { Sessions } from './sessions.js';
import { SignInAttempts } from './sign-in-attempts.js';

const NOW_MS = 1_800_000_000_000;
const HOURS_12_MS = 12 * 3_600_000;

function request(headers: PageRequest['headers'] = {}, more: Partial<PageRequest> = {}): PageRequest {
  return { method: 'POST', url: '/livescore/actions/stage', headers, ...more };
}

const sessionsOf = (secret: string) => new Sessions(resolveOperationsOptions({ secret }));
const pairOf = (cookie: string) => cookie.slice(0, cookie.indexOf(';'));

describe('the session of who has shown the secret', () => {
  it('holds for twelve hours, in every process with the same secret', () => {
    const cookie = pairOf(sessionsOf('a long secret').begin(request(), NOW_MS));
    const known = (secret: string, atMs: number) => sessionsOf(secret).of(request({ cookie: `a=b; ${cookie}` }), atMs);
    expect(known('a long secret', NOW_MS + HOURS_12_MS - 1_000)).not.toBeNull();
    expect(known('a long secret', NOW_MS + HOURS_12_MS)).toBeNull();
    expect(known('another secret', NOW_MS)).toBeNull();
  });

  it.each([
    ['a later end', (cookie: string) => cookie.replace(/=\d+/, '=9999999999')],
    ['another signature', (cookie: string) => `${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'B' : 'A'}`],
    ['no signature', (cookie: string) => cookie.slice(0, cookie.lastIndexOf('.'))],
    ['nothing', () => 'livescore_operations='],
  ])('is none with %s', (_what, forge) => {
    const sessions = sessionsOf('a long secret');
    const cookie = forge(pairOf(sessions.begin(request(), NOW_MS)));
    expect(sessions.of(request({ cookie }), NOW_MS)).toBeNull();
  });

  it('is kept from an open network where the page is on a closed one', () => {
    const sessions = sessionsOf('a long secret');
    expect(sessions.begin(request({}, { protocol: 'https' }), NOW_MS)).toMatch(/; Secure$/);
    expect(sessions.begin(request({ 'x-forwarded-proto': 'https' }), NOW_MS)).toMatch(/; Secure$/);
    expect(sessions.begin(request(), NOW_MS)).not.toContain('Secure');
  });

  it('begins for nobody without a secret', () => {
    const sessions = new Sessions(resolveOperationsOptions());
    expect([sessions.exist, sessions.isSecret(''), sessions.isSecret(undefined)]).toEqual([false, false, false]);
  });
});

describe('wrong secrets', () => {
  it('are ten of one address in ten minutes, whatever others do', async () => {
    const time = new VirtualTime();
    const attempts = new SignInAttempts(new VirtualScheduler(time));
    for (let n = 0; n < 10; n++) attempts.wrong('192.0.2.1');
    expect([attempts.waitS('192.0.2.1'), attempts.waitS('192.0.2.2')]).toEqual([600, 0]);
    await time.advance(599_000);
    expect(attempts.waitS('192.0.2.1')).toBe(1);
    await time.advance(1_000);
    expect(attempts.waitS('192.0.2.1')).toBe(0);
    for (let n = 0; n < 1_000; n++) attempts.wrong(`2001:db8::${n}`);
    expect(['2001:db8::ffff', '2001:db8:0:1::1', '192.0.2.9'].map((one) => attempts.waitS(one))).toEqual([600, 0, 0]);
  });
});

describe('a request of the page itself', () => {
  it.each<[boolean, string, PageRequest['headers']]>([
    [true, 'its origin is the host', { origin: 'http://a.example:3000', host: 'a.example:3000' }],
    [
      false,
      'only a header that anybody may send tells the host',
      { origin: 'https://a.example', host: 'upstream', 'x-forwarded-host': 'a.example' },
    ],
    [true, 'the browser says so', { 'sec-fetch-site': 'same-origin', host: 'upstream' }],
    [false, 'another port', { origin: 'http://a.example:3001', host: 'a.example:3000' }],
    [false, 'another host that begins alike', { origin: 'http://a.example.evil', host: 'a.example' }],
    [false, 'a page without an origin', { origin: 'null', host: 'a.example' }],
    [false, 'nothing is said', { host: 'a.example' }],
    [false, 'another site', { 'sec-fetch-site': 'cross-site', origin: 'http://a.example', host: 'a.example' }],
    [
      false,
      'another host of the same site',
      { 'sec-fetch-site': 'same-site', origin: 'http://a.example', host: 'a.example' },
    ],
    [false, 'somebody typed the address', { 'sec-fetch-site': 'none', host: 'a.example' }],
  ])('is %s when %s', (expected, _what, headers) => {
    expect(isSameOrigin(request(headers))).toBe(expected);
  });
});

describe('who acts', () => {
  it.each<[unknown, string | null]>([
    [undefined, null],
    [{}, null],
    ['ada', 'ada'],
    [{ sub: 'u1', email: 'ada@example.org' }, 'ada@example.org'],
    [{ id: 7 }, '7'],
    [{ name: '  ', sub: 'u1' }, 'u1'],
    [{ name: 'a\u001b[2Jb' }, 'a\uFFFD[2Jb'],
    [{ name: 'x'.repeat(300) }, 'x'.repeat(100)],
    [{ name: { toString: () => 'x' } }, null],
  ])('is, for the user %j of the guard, %j', (user, expected) => {
    expect(actorOf(request({}, { user }))).toBe(expected);
  });
});

describe('the options of the page', () => {
  it('are off when nothing is said', () => {
    expect(resolveOperationsOptions()).toEqual({
      guard: undefined,
      secret: undefined,
      path: 'livescore',
      ws: undefined,
    });
  });

  it.each<[object, string]>([
    [{ secret: 'too short' }, 'option "secret" must be a text of 12 to 1024 characters, received a string'],
    [{ guard: () => true }, 'option "guard" must be a class with canActivate'],
    [{ path: 'a/:b' }, 'option "path" must be a path like "livescore"'],
    [{ ws: 'http://a' }, 'option "ws" must be a path like "/ws", or a URL with ws or wss'],
    [{ pth: 'a' }, 'option "pth" must be left out, there is no such option; did you mean "path"?'],
  ])('refuse %j without telling a secret', (options, message) => {
    const resolve = () => resolveOperationsOptions(options);
    expect(resolve).toThrow(InvalidOptionError);
    expect(resolve).toThrow(message);
    expect(resolve).not.toThrow('too short');
  });
});
