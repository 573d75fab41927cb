import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { transformFileSync } from '@swc/core';
import type { Browser, Page } from 'playwright-core';
import { type WebSocket, WebSocketServer } from 'ws';
import { SECURITY_HEADERS } from '../../examples/host/careful-http.js';
import { chromiumPath, launchBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';

const PUBLIC = new URL('../../examples/host/public/', import.meta.url);
const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

type Row = Record<string, unknown> & { externalId: string };

const row = (externalId: string, more: object = {}): Row => ({
  externalId,
  status: 2,
  homeTeam: `${externalId} home`,
  awayTeam: `${externalId} away`,
  homeScore: 0,
  awayScore: 0,
  minute: 12,
  minute_text: "12'",
  source: 'mqtt',
  version: 1,
  ...more,
});

const frame = (type: string, matchId: string, optimistic: object | null, more: object = {}) => ({
  type,
  matchId,
  ...optimistic,
  optimistic,
  version: 2,
  source: 'mqtt',
  timestamp: Date.now(),
  ...more,
});

/** The formula as the host serves it: compiled. */
function formulaScript(file: string): string {
  const source = fileURLToPath(new URL(`../../src/domain/${file.replace(/\.js$/, '.ts')}`, import.meta.url));
  return transformFileSync(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }).code;
}

const executablePath = chromiumPath();

if (executablePath) {
  describe('scoreboard page', () => testPage(executablePath));
} else {
  it('scoreboard page is NOT tested: no Chromium on this machine (install it or set CHROMIUM_PATH)', () => {
    expect(chromiumPath()).toBeNull();
  });
}

function testPage(browserPath: string): void {
  const rows = new Map<string, Row>();
  const clients = new Set<WebSocket>();
  let requests: string[] = [];
  let asked: string[] = [];
  let feed: object | null = { state: 'live' };
  let settled: object[] = [];
  let server: Server;
  let sockets: WebSocketServer;
  let browser: Browser;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      const path = new URL(request.url ?? '/', 'http://host').pathname.slice(1) || 'index.html';
      requests.push(path);
      const json = (value: unknown) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
      if (path === 'api/clock') return json({ nowMs: Date.now(), systemMs: Date.now(), rate: 1 });
      if (path === 'health') return feed === null ? response.writeHead(503).end() : json({ ok: true, feed });
      if (path === 'api/matches/live') return json([...rows.values()].filter(({ status }) => status !== 8));
      if (path === 'api/matches/finished') return json([...rows.values()].filter(({ status }) => status === 8));
      if (path === 'api/predictions') return json(settled);
      const match = rows.get(decodeURIComponent(path.replace('api/matches/', '')));
      if (match) return json(match);
      response.setHeader('content-type', TYPES[path.split('.').at(-1) ?? ''] ?? 'text/plain');
      if (path.startsWith('formula/')) return response.end(formulaScript(path.slice('formula/'.length)));
      return response.end(readFileSync(new URL(path, PUBLIC)));
    });
    sockets = new WebSocketServer({ server, path: '/ws' });
    sockets.on('connection', (socket, request) => {
      asked.push(request.url ?? '');
      clients.add(socket);
      socket.on('close', () => clients.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser(browserPath);
    page = await browser.newPage();
  }, 30_000);

  afterAll(async () => {
    await browser.close();
    for (const client of clients) client.terminate();
    sockets.close();
    server.closeAllConnections();
    server.close();
  });

  beforeEach(async () => {
    await page.goto('about:blank');
    await eventually(() => clients.size === 0, { what: 'the page before to go' });
    rows.clear();
    settled = [];
    asked = [];
    requests = [];
    rows.set('m1', row('m1'));
    rows.set('m2', row('m2', { status: 8, homeScore: 3, minute: 90, minute_text: 'FT' }));
    await page.goto(url);
    await eventually(() => clients.size === 1 && requests.includes('api/clock'), { what: 'the page to connect' });
    await page.waitForSelector('article[data-match-id="m1"]');
  });

  const send = (...frames: object[]) => {
    for (const client of clients) for (const one of frames) client.send(JSON.stringify(one));
  };
  const textOf = (matchId: string, selector: string) =>
    page.locator(`article[data-match-id="${matchId}"] ${selector}`).innerText();
  const shows = (matchId: string, selector: string, text: string) =>
    eventually(async () => (await textOf(matchId, selector)) === text, { what: `${text} in ${matchId} ${selector}` });

  it('marks a live match that has no feed, until a frame of the feed comes', async () => {
    const badge = (matchId: string) => page.locator(`article[data-match-id="${matchId}"] .no-feed`);
    rows.set('m1', row('m1', { feed: 'no-feed' }));
    rows.set('m2', row('m2', { status: 8, feed: null }));
    await page.reload();
    await badge('m1').waitFor({ state: 'visible' });
    expect(await badge('m2').isVisible()).toBe(false);
    await eventually(() => clients.size === 1, { what: 'the page to connect again' });
    send(frame('MINUTE_UPDATE', 'm1', { minute: 13 }, { source: 'computed' }));
    await eventually(async () => (await textOf('m1', '.source')) === 'computed', { what: 'the frame' });
    expect(await badge('m1').isVisible()).toBe(true);
    send(frame('SCORE_CHANGE', 'm1', { homeScore: 1, awayScore: 0 }));
    await badge('m1').waitFor({ state: 'hidden' });
  });

  it('lists live matches and those that just ended', async () => {
    expect(await textOf('m1', '.minute')).toBe("12'");
    expect(await textOf('m1', '.home .name')).toBe('m1 home');
    expect(await textOf('m2', '.home .score')).toBe('3');
    expect(await textOf('m2', '.minute')).toBe('FT');
    await eventually(async () => (await page.innerText('#connection')) === 'connected', { what: 'connection state' });
    await eventually(async () => (await page.innerText('#live-count')) === '1', { what: 'the number of live matches' });
  });

  it('shows the logos of the teams, and of what is no image only the name, as text', async () => {
    const logo = (matchId: string, team: string) => page.locator(`article[data-match-id="${matchId}"] .${team} .logo`);
    const homeLogo = 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"/%3E';
    const hostile = '<img src="x" onerror="document.title=1">';
    rows.set('m1', row('m1', { homeLogo, awayLogo: 'data:image/png;base64,nothing', awayTeam: hostile }));
    rows.set(
      'm2',
      row('m2', { status: 8, homeLogo: 'javascript:document.title=1', awayLogo: `${homeLogo}${'x'.repeat(500)}` }),
    );
    await page.reload();
    await logo('m1', 'home').waitFor({ state: 'visible' });
    expect(await logo('m1', 'home').getAttribute('src')).toBe(homeLogo);
    await shows('m1', '.away .name', hostile);
    for (const hidden of [logo('m1', 'away'), logo('m2', 'home'), logo('m2', 'away')]) {
      expect(await hidden.isVisible()).toBe(false);
    }
    expect(await page.title()).toBe('Live scores');
    rows.set('m1', row('m1', { version: 2 }));
    await page.reload();
    await logo('m1', 'home').waitFor({ state: 'hidden' });
  });

  it('shows the feed of the host as the host sees it, not the connection of the page', async () => {
    const shown = (id: string, text: string) =>
      eventually(async () => (await page.innerText(id)) === text, { what: `${text} in ${id}`, timeoutMs: 5_000 });
    await shown('#feed', 'live');
    feed = { state: 'down' };
    await shown('#feed', 'down');
    await shown('#connection', 'connected');
    feed = null;
    await shown('#feed', 'unknown');
    feed = { state: 'live' };
    await shown('#feed', 'live');
  }, 20_000);

  it('shows predictions as they are settled, taken back and decided otherwise, with those settled before', async () => {
    const ofMatch = { matchId: 'm1', prediction: 'MS 0.5 ÜST', predictionId: 'p1' };
    settled = [{ ...ofMatch, predictionId: 'p0', prediction: 'IY X', result: 'lost', finalScore: '0-1' }];
    await page.reload();
    await eventually(() => clients.size === 1, { what: 'the page to connect again' });
    const shown = (text: string) => shows('m1', '.predictions', text);
    await shown('IY X lost 0-1');
    send({ ...ofMatch, type: 'PREDICTION_SETTLED', result: 'won', finalScore: '1-0', revision: 1, certainty: 1 });
    await shown('MS 0.5 ÜST won 1-0\nIY X lost 0-1');
    await eventually(async () => (await page.innerText('#settled-count')) === '2', { what: 'the number of settled' });
    send({ ...ofMatch, type: 'PREDICTION_UPDATED', result: 'pending', revision: 2, certainty: 1, fields: ['result'] });
    await shown('MS 0.5 ÜST open again\nIY X lost 0-1');
    send({ ...ofMatch, type: 'PREDICTION_UPDATED', result: 'won', finalScore: '1-0', revision: 1, certainty: 1 });
    send({ ...ofMatch, type: 'PREDICTION_UPDATED', result: 'lost', finalScore: '0-0', revision: 3, certainty: 2 });
    await shown('MS 0.5 ÜST lost 0-0\nIY X lost 0-1');
  });

  it('flashes a goal and shows score, minute and measured latency', async () => {
    const goal = { homeScore: 0, awayScore: 1, minute: 13, minuteText: "13'", statusId: 2 };
    send(
      frame('GOAL', 'm1', goal, { playerName: 'Enner Valencia', receivedAt: Date.now() - 5 }),
      frame('SCORE_CHANGE', 'm1', goal, { receivedAt: Date.now() - 5 }),
    );
    await page.waitForSelector('article.goal[data-match-id="m1"] .away.scored');
    expect(await textOf('m1', '.away .score')).toBe('1');
    expect(await textOf('m1', '.minute')).toBe("13'");
    expect(await textOf('m1', '.note')).toBe('Goal: Enner Valencia');
    expect(await textOf('m1', '.source')).toBe('mqtt');
    expect(await textOf('m1', '.latency')).toMatch(/^\d+(\.\d)? ms$/);
    await eventually(async () => / ms$/.test(await page.innerText('#latency')), { what: 'p50 and p95' });
    expect(await page.innerText('#goal-count')).toBe('1');
  });

  it('goes by `optimistic` alone, and takes a minute also from the plain fields', async () => {
    send(
      { ...frame('SCORE_CHANGE', 'm1', null), homeScore: 7, awayScore: 7 },
      { type: 'GOAL_CANCELLED', matchId: 'm1', homeScore: 5, awayScore: 5, optimistic: null, timestamp: 1 },
      { data: frame('MINUTE_UPDATE', 'm1', { minute: 14, minuteText: "14'", statusId: 2 }) },
    );
    await shows('m1', '.minute', "14'");
    expect(await textOf('m1', '.home .score')).toBe('0');
    await page.waitForSelector('article.cancelled[data-match-id="m1"]');
  });

  const clockSince = (startedAtMs: number, more: object = {}) => ({
    period: 'second-half',
    startedAt: Math.floor(startedAtMs / 1000),
    baseSeconds: 2_700,
    normalSeconds: 2_700,
    addedAnnouncedMinutes: null,
    running: true,
    estimated: false,
    ...more,
  });

  it('ticks by the clock of a match, without any traffic', async () => {
    expect(asked).toEqual(['/ws?clock=1']);
    const now = Date.now();
    const optimistic = { homeScore: 0, awayScore: 0, minute: 1, minuteText: 'old', statusId: 4 };
    // two seconds before its 67th minute
    send(frame('SCORE_CHANGE', 'm1', optimistic, { clock: clockSince(now - (21 * 60 - 2) * 1000) }));
    await shows('m1', '.minute', "66'");
    requests = [];
    await shows('m1', '.minute', "67'");
    expect(requests.filter((path) => path.startsWith('api/matches'))).toEqual([]);
  });

  it('shows added time as it was announced, and stoppage time as the clock counts it', async () => {
    const clock = clockSince(Date.now() - 46.5 * 60_000);
    rows.set('m4', row('m4', { status: 4, version: 2, clock }));
    send(frame('SCORE_CHANGE', 'm4', { homeScore: 0, awayScore: 0, statusId: 4 }));
    await page.waitForSelector('article[data-match-id="m4"]');
    await shows('m4', '.minute', "90+2'");
    expect(await textOf('m4', '.added')).toBe('');
    send({
      type: 'ADDED_TIME',
      matchId: 'm4',
      time: 5,
      optimistic: null,
      clock: { ...clock, addedAnnouncedMinutes: 5 },
    });
    await shows('m4', '.added', '+5');
    send(frame('CLOCK_CHANGE', 'm4', null, { kickoffCorrected: true, clock: clockSince(Date.now() - 40.5 * 60_000) }));
    await shows('m4', '.minute', "86'");
    await shows('m4', '.added', '');
  });

  it('follows the state of a match to its end', async () => {
    send(frame('MATCH_STATE_CHANGE', 'm1', { statusId: 8, minute: 94, minuteText: 'FT' }));
    await shows('m1', '.phase', 'Full time');
    await page.waitForSelector('article[data-match-id="m1"][data-live="false"]');
  });

  it('adds a match that it does not know on its first frame', async () => {
    rows.set('m3', row('m3', { homeScore: 1, version: 2 }));
    send(frame('SCORE_CHANGE', 'm3', { homeScore: 1, awayScore: 0, minute: 1, minuteText: "1'", statusId: 2 }));
    await page.waitForSelector('article[data-match-id="m3"]');
    expect(await textOf('m3', '.home .score')).toBe('1');
    expect(requests).toContain('api/matches/m3');
  });

  it('says that the connection is lost, reconnects after 5 s and takes newer rows', async () => {
    for (const client of clients) client.terminate();
    await eventually(async () => (await page.innerText('#connection')) === 'disconnected', { what: 'the loss' });
    rows.set('m1', row('m1', { homeScore: 2, version: 9 }));
    await eventually(async () => (await page.innerText('#connection')) === 'connected', {
      timeoutMs: 10_000,
      what: 'the second connection',
    });
    await shows('m1', '.home .score', '2');
    expect(await page.innerText('#reconnects')).toBe('1');
  }, 15_000);
}
