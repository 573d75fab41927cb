import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { LegacyBroadcastPort } from '../../src/broadcast/ports/legacy-broadcast.js';
import { hostModule } from '../rollout/legacy-callers-app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { nginxInstalled, startNginx } from '../support/nginx.js';
import { NameGuard, OperationsHost, SECRET, SESSION } from './operations-host.js';

guardAgainstLeaks();

const PAGE = 'docs/operations-page.md';
const ROUTES = [
  '',
  '/start.js',
  '/page.js',
  '/page.css',
  '/facts',
  '/match/m1',
  '/search?text=m1',
  '/dead-letters',
  '/dead-letters/1',
];

let database: TestDatabase;
let hosts: OperationsHost[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const host of hosts) await host.close();
  hosts = [];
});
afterAll(() => database.drop());

async function start(options: Partial<Parameters<typeof OperationsHost.start>[0]>): Promise<OperationsHost> {
  const host = await OperationsHost.start({ databaseUrl: database.url, ...options });
  hosts.push(host);
  return host;
}

const statusesOf = async (host: OperationsHost, headers: Record<string, string> = {}) => {
  const statuses = [];
  for (const route of ROUTES) statuses.push((await host.ask(route, { headers })).status);
  return new Set(statuses);
};

describe.each(['express', 'fastify'] as const)('the page on %s', (platform) => {
  describe.each([undefined, 'api/v1'])('under the prefix %s', (prefix) => {
    it('is not there for anybody without a guard and a secret', async () => {
      const host = await start({ platform, ...(prefix && { prefix }) });
      expect(await statusesOf(host)).toEqual(new Set([404]));
      expect(await statusesOf(host, SESSION)).toEqual(new Set([404]));
      const [ours, nests] = [await host.ask('/facts'), await host.ask('/no-such-route')];
      expect(JSON.parse(ours.text)).toEqual({
        ...JSON.parse(nests.text),
        message: expect.stringMatching(/^Cannot GET .*\/facts$/),
      });
      expect((await host.ask('/sign-in')).status).toBe(404);
      expect((await host.ask('/actions/stage', { method: 'POST' })).status).toBe(404);
    });

    it('is not there for who does not know the secret, from this machine either', async () => {
      const host = await start({ platform, secret: SECRET, ...(prefix && { prefix }) });
      expect(await statusesOf(host)).toEqual(new Set([404]));
      expect((await host.ask('', { headers: { 'x-internal-secret': 'offside since 1864' } })).status).toBe(404);
      expect((await host.ask('/actions/stage', { method: 'POST' })).status).toBe(404);
      const letter = await host.ask('/dead-letters/1', { headers: SESSION });
      expect([letter.status, JSON.parse(letter.text).code]).toEqual([404, 'LIVESCORE_NO_LETTER']);
      for (const route of ROUTES.slice(0, -1))
        expect([route, (await host.ask(route, { headers: SESSION })).status]).toEqual([route, 200]);
    });

    it('is for whom the guard of the host lets in, whom it names', async () => {
      const host = await start({ platform, guard: NameGuard, ...(prefix && { prefix }) });
      expect(await statusesOf(host)).toEqual(new Set([401]));
      expect(await statusesOf(host, { 'x-name': 'nobody' })).toEqual(new Set([403]));
      expect((await host.ask('', { headers: { 'x-name': 'ada' } })).status).toBe(200);
      expect((await host.facts({ 'x-name': 'ada@example.org' })).actor).toBe('ada@example.org');
      expect((await host.ask('/sign-in')).status).toBe(404);
    });

    it('lets a browser sign in with the secret, for twelve hours, in a cookie that no script reads', async () => {
      const host = await start({ platform, secret: SECRET, ...(prefix && { prefix }) });
      const form = await host.ask('/sign-in');
      expect([form.status, form.text]).toEqual([200, expect.stringContaining('type="password"')]);
      const wrong = await signIn(host, 'offside since 1864');
      expect([wrong.status, wrong.headers.getSetCookie()]).toEqual([401, []]);
      const right = await signIn(host, SECRET);
      expect([right.status, right.headers.get('location')]).toEqual([303, '../livescore']);
      expect(right.headers.getSetCookie()).toEqual([
        expect.stringMatching(/^livescore_operations=[\w.-]+; HttpOnly; SameSite=Strict; Max-Age=43200$/),
      ]);
      expect((await host.ask('')).status).toBe(200);
      expect((await host.facts({})).actor).toBeNull();
      const forged = {
        cookie: 'livescore_operations=99999999999.aaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      };
      expect((await host.stranger.ask('', { headers: forged })).status).toBe(404);
    });

    it('loads from its own host only, finds its files beside itself, and is framed by nobody', async () => {
      const host = await start({ platform, secret: SECRET, ...(prefix && { prefix }) });
      const { headers, text } = await host.ask('', { headers: SESSION });
      expect(text).toContain('"livescore/start.js"');
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'private, no-cache',
      });
      const script = await host.ask('/page.js', { headers: SESSION });
      expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      const known = { ...SESSION, 'if-none-match': String(script.headers.get('etag')) };
      const again = await host.ask('/page.js', { headers: known });
      expect([again.status, again.text]).toEqual([304, '']);
      expect((await host.ask('/facts', { headers: SESSION })).headers.get('cache-control')).toBe('no-store');
    });
  });

  it('takes no more than ten wrong secrets of one address, and goes on for who has signed in', async () => {
    const host = await start({ platform, secret: SECRET });
    await signIn(host, SECRET);
    const statuses = [];
    for (let n = 0; n < 12; n++) statuses.push((await signIn(host.stranger, `wrong number ${n}`)).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    const refused = await signIn(host.stranger, SECRET);
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    expect((await host.stranger.ask('', { headers: SESSION })).status).toBe(404);
    expect((await host.ask('')).status).toBe(200);
  });

  it('has the page of a gateway, too, without what a gateway does not know', async () => {
    const host = await start({ platform, secret: SECRET, more: { role: 'gateway' } });
    expect((await host.ask('', { headers: SESSION })).status).toBe(200);
    const { actions, stored, ws } = await host.facts();
    expect([actions, stored.sync, stored.rollout, ws]).toEqual([[], null, null, '/ws']);
  });

  it('names no endpoint where the broadcaster of the host is bound, unless the host names one', async () => {
    const bound = hostModule({ provide: LegacyBroadcastPort, useValue: { broadcast: () => undefined } });
    const none = await start({ platform, secret: SECRET, imports: [bound] });
    expect((await none.facts()).ws).toBeNull();
    const named = { operations: { secret: SECRET, ws: '/own' } };
    expect((await (await start({ platform, imports: [bound], more: named })).facts()).ws).toBe('/own');
  });

  it('stands where the host says, under its versions', async () => {
    const more = { operations: { secret: SECRET, path: 'staff/score', ws: 'wss://live.example.org/ws' } };
    const host = await start({ platform, more, versions: true });
    expect((await host.ask('', { headers: SESSION })).status).toBe(404);
    const page = await host.ask(`${host.url}/v1/staff/score`, { headers: SESSION });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('"score/start.js"')]);
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'self' wss://live.example.org;");
  });

  it('knows the sessions of another process with the same secret, and none of one with another', async () => {
    const [one, same, other] = [
      await start({ platform, secret: SECRET }),
      await start({ platform, secret: SECRET }),
      await start({ platform, secret: 'another secret' }),
    ];
    const [cookie = ''] = (await signIn(one, SECRET)).headers.getSetCookie()[0]?.split(';') ?? [];
    expect((await same.ask('', { headers: { cookie } })).status).toBe(200);
    expect((await other.ask('', { headers: { cookie } })).status).toBe(404);
  });
});

const describeOnNginx = nginxInstalled() ? describe : describe.skip;

describeOnNginx('the page through nginx on the same machine', () => {
  it.each(['express', 'fastify'] as const)(
    'answers 404 to strangers and opens for the secret (%s)',
    async (platform) => {
      const host = await start({ platform, secret: SECRET });
      const nginx = await startNginx([host.url, host.url], PAGE);
      try {
        for (const route of ROUTES)
          expect([route, (await fetch(`${nginx.url}/livescore${route}`)).status]).toEqual([route, 404]);
        const page = await fetch(`${nginx.url}/livescore`, { headers: SESSION });
        expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('"livescore/start.js"')]);
      } finally {
        await nginx.stop();
      }
    },
  );

  it('answers 401 as the guard says', async () => {
    const host = await start({ guard: NameGuard });
    const nginx = await startNginx([host.url, host.url], PAGE);
    try {
      for (const route of ROUTES) expect((await fetch(`${nginx.url}/livescore${route}`)).status).toBe(401);
    } finally {
      await nginx.stop();
    }
  });
});

function signIn(host: OperationsHost, secret: string) {
  return host.ask('/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: host.url },
    body: new URLSearchParams({ secret }).toString(),
  });
}
