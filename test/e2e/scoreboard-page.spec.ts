import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type WebSocket, WebSocketServer } from 'ws';
import { SECURITY_HEADERS } from '../../examples/host/careful-http.js';
import { freePort } from '../../examples/host/embedded/free-port.js';
import type {
  ChangeFrame,
  MatchView,
  PredictionView,
  SubscribeMessage,
} from '../../src/broadcast/ports/match-frames.js';
import { changeFrame, goalFrame, matchView, SAMPLE_CLOCK, snapshotFrame } from '../client/frames.js';
import { chromiumPath, launchBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';

const PUBLIC = new URL('../../examples/host/public/', import.meta.url);
const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
const WELCOME = { type: 'WELCOME', protocol: 2, pingIntervalMs: 15_000, timestamp: Date.now() };

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

/** A clock that shows that minute, and goes on in `inMs`. */
const clockAt = (minute: number, inMs = 50_000) => ({
  ...SAMPLE_CLOCK,
  startedAt: Math.floor((Date.now() - minute * 60_000 + inMs) / 1000),
});

/** The client as the host serves it: bundled. */
function clientScript(): string {
  return execFileSync(process.execPath, ['scripts/build-client.mjs', '--print'], { encoding: 'utf8' });
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
  /** what the host knows of each match */
  const views = new Map<string, MatchView>();
  const clients = new Set<WebSocket>();
  let client: string;
  let requests: string[] = [];
  let asked: string[] = [];
  let feed: object | null = { state: 'live' };
  let settled: object[] = [];
  let server: Server;
  let sockets: WebSocketServer;
  let browser: Browser;
  let page: Page;
  let url: string;

  /** The newest state of those that the page is behind on. */
  const answer = (socket: WebSocket, { id = '', since = {} }: SubscribeMessage) => {
    const behind = [...views.values()].filter(({ matchId, position }) => since[matchId] !== position);
    socket.send(JSON.stringify(snapshotFrame(behind, { id, timestamp: Date.now() })));
  };

  const listen = async (port: number) => {
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
      if (path.startsWith('api/matches/')) {
        const match = rows.get(decodeURIComponent(path.replace('api/matches/', '')));
        return match ? json(match) : response.writeHead(404).end();
      }
      response.setHeader('content-type', TYPES[path.split('.').at(-1) ?? ''] ?? 'text/plain');
      if (path === 'live-client.js') return response.end(client);
      return response.end(readFileSync(new URL(path, PUBLIC)));
    });
    sockets = new WebSocketServer({ server, path: '/ws' });
    sockets.on('connection', (socket, request) => {
      asked.push(request.url ?? '');
      clients.add(socket);
      socket.on('close', () => clients.delete(socket));
      socket.send(JSON.stringify(WELCOME));
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (message.type === 'SUBSCRIBE') answer(socket, message);
      });
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };

  const close = async () => {
    for (const one of clients) one.terminate();
    sockets.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };

  beforeAll(async () => {
    client = clientScript();
    await listen(await freePort());
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser(browserPath);
    page = await browser.newPage();
  });

  afterAll(async () => {
    await browser.close();
    await close();
  });

  /** The host knows this of a match, over HTTP and over the socket. */
  const set = (matchId: string, view: Partial<MatchView> = {}, more: object = {}) => {
    const known = matchView('1.1', { matchId, clock: clockAt(12), ...view });
    views.set(matchId, known);
    const { statusId: status, homeScore, awayScore } = known;
    rows.set(matchId, row(matchId, { status, homeScore, awayScore, ...more }));
  };

  const open = async () => {
    await page.goto(url);
    await eventually(() => clients.size === 1 && requests.includes('api/clock'), { what: 'the page to connect' });
    await page.waitForSelector('article[data-match-id="m1"]');
    await eventually(async () => (await page.innerText('#connection')) === 'connected', { what: 'connection state' });
  };

  const reload = async () => {
    await page.goto('about:blank');
    await eventually(() => clients.size === 0, { what: 'the page before to go' });
    requests = [];
    await open();
  };

  beforeEach(async () => {
    await page.goto('about:blank');
    await eventually(() => clients.size === 0, { what: 'the page before to go' });
    rows.clear();
    views.clear();
    settled = [];
    asked = [];
    requests = [];
    set('m1');
    set('m2', { statusId: 8, homeScore: 3, clock: { ...SAMPLE_CLOCK, period: null, startedAt: null, running: false } });
    await open();
  });

  const send = (...frames: object[]) => {
    for (const one of clients) for (const frame of frames) one.send(JSON.stringify(frame));
  };
  /** Commits the change and tells it. */
  const commit = (frame: ChangeFrame) => {
    const { type, previous, events, committedAt, timestamp, ...proven } = frame;
    const known = views.get(frame.matchId) ?? matchView(frame.position);
    views.set(frame.matchId, { ...known, ...proven });
    send({ ...frame, timestamp: Date.now() });
  };
  const change = (from: string, to: string, more: Partial<ChangeFrame> = {}) =>
    changeFrame(from, to, { clock: clockAt(13), receivedAt: Date.now() - 5, ...more });
  const textOf = (matchId: string, selector: string) =>
    page.locator(`article[data-match-id="${matchId}"] ${selector}`).innerText();
  const shows = (matchId: string, selector: string, text: string) =>
    eventually(async () => (await textOf(matchId, selector)) === text, { what: `${text} in ${matchId} ${selector}` });

  /** Whatever the page shows there from now on, in order: what is shown for a moment only is not missed. */
  const watch = (name: string, shown: string) =>
    page.evaluate(`{
      const seen = ((globalThis.seen ??= {})['${name}'] = []);
      const look = () => {
        const now = ${shown};
        if (seen.at(-1) !== now) seen.push(now);
      };
      look();
      const all = { subtree: true, childList: true, characterData: true, attributes: true };
      new MutationObserver(look).observe(document.body, all);
    }`);
  const seen = (name: string) => page.evaluate<readonly string[]>(`seen['${name}']`);
  /** Classes of the card and of the team, and the note. */
  const watchHighlight = (team: string) =>
    watch(
      'highlight',
      `(() => {
        const card = document.querySelector('article[data-match-id="m1"]');
        const [side, note] = ['.${team}', '.note'].map((selector) => card.querySelector(selector));
        return [card.className, side.className, note.textContent].join(' | ');
      })()`,
    );
  const wasHighlighted = (pattern: RegExp) =>
    eventually(async () => (await seen('highlight')).some((text) => pattern.test(text)), { what: String(pattern) });

  it('marks a live match that has no feed, until a change of the feed comes', async () => {
    const badge = (matchId: string) => page.locator(`article[data-match-id="${matchId}"] .no-feed`);
    set('m1', {}, { feed: 'no-feed' });
    await reload();
    await badge('m1').waitFor({ state: 'visible' });
    expect(await badge('m2').isVisible()).toBe(false);
    commit(change('1.1', '1.2', { source: 'computed' }));
    await shows('m1', '.source', 'computed');
    expect(await badge('m1').isVisible()).toBe(true);
    commit(change('1.2', '1.3', { homeScore: 1 }));
    await badge('m1').waitFor({ state: 'hidden' });
  });

  it('lists live matches and those that just ended', async () => {
    await shows('m1', '.minute', "12'");
    await shows('m1', '.home .name', 'm1 home');
    await shows('m2', '.home .score', '3');
    await shows('m2', '.minute', 'FT');
    await eventually(async () => (await page.innerText('#live-count')) === '1', { what: 'the number of live matches' });
  });

  it('shows over HTTP what no socket tells', async () => {
    rows.set('m9', row('m9', { status: 8, homeScore: 4, minute_text: 'FT', minute: 90 }));
    await reload();
    await shows('m9', '.home .score', '4');
    await shows('m9', '.minute', 'FT');
  });

  it('shows the logos of the teams, and of what is no image only the name, as text', async () => {
    const logo = (matchId: string, team: string) => page.locator(`article[data-match-id="${matchId}"] .${team} .logo`);
    const homeLogo = 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"/%3E';
    const hostile = '<img src="x" onerror="document.title=1">';
    set('m1', {}, { homeLogo, awayLogo: 'data:image/png;base64,nothing', awayTeam: hostile });
    const hostileLogos = { homeLogo: 'javascript:document.title=1', awayLogo: `${homeLogo}${'x'.repeat(500)}` };
    set('m2', { statusId: 8 }, hostileLogos);
    await reload();
    await logo('m1', 'home').waitFor({ state: 'visible' });
    expect(await logo('m1', 'home').getAttribute('src')).toBe(homeLogo);
    await shows('m1', '.away .name', hostile);
    for (const hidden of [logo('m1', 'away'), logo('m2', 'home'), logo('m2', 'away')]) {
      expect(await hidden.isVisible()).toBe(false);
    }
    expect(await page.title()).toBe('Live scores');
    set('m1');
    await reload();
    await logo('m1', 'home').waitFor({ state: 'hidden' });
  });

  it('shows the feed of the host as the host sees it, not the connection of the page', async () => {
    const shown = (id: string, text: string) =>
      eventually(async () => (await page.innerText(id)) === text, { what: `${text} in ${id}` });
    await shown('#feed', 'live');
    feed = { state: 'down' };
    await shown('#feed', 'down');
    await shown('#connection', 'connected');
    feed = null;
    await shown('#feed', 'unknown');
    feed = { state: 'live' };
    await shown('#feed', 'live');
  });

  it('shows predictions as they are settled, taken back and decided otherwise, with those settled before', async () => {
    const prediction = (predictionId: string, more: Partial<PredictionView>): PredictionView => ({
      predictionId,
      botName: 'b',
      prediction: 'MS 0.5 ÜST',
      result: 'pending',
      resultReason: null,
      finalScore: null,
      ...more,
    });
    const before = prediction('p0', { prediction: 'IY X', result: 'lost', finalScore: '0-1' });
    set('m1', { predictions: [before, prediction('p1', {})] });
    settled = [{ matchId: 'm9', predictionId: 'p9', prediction: 'MS 1', result: 'won', finalScore: '1-0' }];
    rows.set('m9', row('m9', { status: 8 }));
    await reload();
    const shown = (text: string) => shows('m1', '.predictions', text);
    const tell = (more: Partial<PredictionView>) =>
      send({
        type: 'DETAILS',
        matchId: 'm1',
        cards: [],
        substitutions: [],
        predictions: [before, prediction('p1', more)],
        timestamp: Date.now(),
      });
    await shown('IY X lost 0-1');
    await shows('m9', '.predictions', 'MS 1 won 1-0');
    tell({ result: 'won', finalScore: '1-0' });
    await shown('MS 0.5 ÜST won 1-0\nIY X lost 0-1');
    await eventually(async () => (await page.innerText('#settled-count')) === '3', { what: 'the number of settled' });
    tell({});
    await shown('MS 0.5 ÜST open again\nIY X lost 0-1');
    tell({ result: 'lost', finalScore: '0-0' });
    await shown('MS 0.5 ÜST lost 0-0\nIY X lost 0-1');
  });

  it('flashes a goal and shows score, minute and measured latency', async () => {
    await watchHighlight('away');
    const goal = { homeScore: 0, awayScore: 1 };
    const scored = {
      type: 'goal',
      side: 'away',
      ...goal,
      time: 13,
      playerId: null,
      playerName: 'Enner Valencia',
    } as const;
    commit(change('1.1', '1.2', { ...goal, events: [scored, { type: 'score-changed', ...goal }] }));
    await wasHighlighted(/\bgoal\b.* \| .*\bscored\b.* \| Goal: Enner Valencia$/);
    expect(await textOf('m1', '.away .score')).toBe('1');
    expect(await textOf('m1', '.minute')).toBe("13'");
    expect(await textOf('m1', '.source')).toBe('mqtt');
    expect(await textOf('m1', '.latency')).toMatch(/^\d+(\.\d)? ms$/);
    await eventually(async () => / ms$/.test(await page.innerText('#latency')), { what: 'p50 and p95' });
    await eventually(async () => (await page.innerText('#goal-count')) === '1', { what: 'the number of goals' });
  });

  it('takes a cancelled goal away, and says so', async () => {
    commit(goalFrame('1.1', '1.2', 1));
    await shows('m1', '.home .score', '1');
    await watchHighlight('home');
    const cancelled = { type: 'goal-cancelled', side: 'home', homeScore: 0, awayScore: 0 } as const;
    commit(change('1.2', '1.3', { events: [{ ...cancelled, previousHomeScore: 1, previousAwayScore: 0 }] }));
    await wasHighlighted(/\bcancelled\b/);
    expect(await textOf('m1', '.home .score')).toBe('0');
  });

  it('shows no older score, and what it cannot read does no harm', async () => {
    commit(goalFrame('1.1', '1.2', 1));
    await shows('m1', '.home .score', '1');
    send(
      change('1.0', '1.1', { homeScore: 7 }),
      { type: 'SCORE_CHANGE', matchId: 'm1', homeScore: 7, awayScore: 7, optimistic: { homeScore: 7 }, timestamp: 1 },
      { type: 'LATER', matchId: 'm1' },
      [],
    );
    commit(change('1.2', '1.3', { homeScore: 1, statusId: 3 }));
    await shows('m1', '.phase', 'Half-time');
    expect(await textOf('m1', '.home .score')).toBe('1');
  });

  const secondHalf = (startedAtMs: number, more: object = {}) => ({
    period: 'second-half' as const,
    startedAt: Math.floor(startedAtMs / 1000),
    baseSeconds: 2_700,
    normalSeconds: 2_700,
    addedAnnouncedMinutes: null,
    running: true,
    estimated: false,
    ...more,
  });

  it('ticks by the clock of a match, without any traffic', async () => {
    expect(asked).toEqual(['/ws?protocol=2']);
    // half a minute before its 67th minute
    commit(change('1.1', '1.2', { statusId: 4, clock: secondHalf(Date.now() - (21 * 60 - 30) * 1000) }));
    await shows('m1', '.minute', "66'");
    requests = [];
    await page.evaluate(`{
      const now = performance.now.bind(performance);
      performance.now = () => now() + 30_000;
    }`);
    await shows('m1', '.minute', "67'");
    expect(requests.filter((path) => path.startsWith('api/matches'))).toEqual([]);
  });

  it('shows added time as it was announced, and stoppage time as the clock counts it', async () => {
    const clock = secondHalf(Date.now() - 46.5 * 60_000);
    rows.set('m4', row('m4', { status: 4 }));
    commit(change('1.0', '1.1', { matchId: 'm4', statusId: 4, clock }));
    await shows('m4', '.minute', "90+2'");
    expect(await textOf('m4', '.added')).toBe('');
    const announced = { ...clock, addedAnnouncedMinutes: 5 };
    send({ type: 'CLOCK', matchId: 'm4', position: '1.1', clock: announced, timestamp: Date.now() });
    await shows('m4', '.added', '+5');
    commit(change('1.1', '1.2', { matchId: 'm4', statusId: 4, clock: secondHalf(Date.now() - 40.5 * 60_000) }));
    await shows('m4', '.minute', "86'");
    await shows('m4', '.added', '');
  });

  it('follows the state of a match to its end', async () => {
    const clock = { ...SAMPLE_CLOCK, period: null, startedAt: null, running: false };
    commit(change('1.1', '1.2', { statusId: 8, clock }));
    await shows('m1', '.phase', 'Full time');
    await shows('m1', '.minute', 'FT');
    await page.waitForSelector('article[data-match-id="m1"][data-live="false"]');
  });

  it('adds a match that it does not know on its first change, with its names', async () => {
    rows.set('m3', row('m3', { homeScore: 1 }));
    commit(goalFrame('1.0', '1.1', 1, { matchId: 'm3' }));
    await page.waitForSelector('article[data-match-id="m3"]');
    expect(await textOf('m3', '.home .score')).toBe('1');
    await shows('m3', '.home .name', 'm3 home');
    expect(requests).toContain('api/matches/m3');
  });

  it('says that the connection is lost, comes back and takes what it missed', async () => {
    await watch('connection', `document.querySelector('#connection').dataset.state`);
    views.set('m1', matchView('1.9', { homeScore: 2 }));
    for (const one of clients) one.terminate();
    const isLost = async () => (await seen('connection')).includes('disconnected');
    await eventually(isLost, { what: 'the loss' });
    await eventually(async () => (await page.innerText('#connection')) === 'connected', {
      what: 'the second connection',
    });
    await shows('m1', '.home .score', '2');
    await eventually(async () => (await page.innerText('#reconnects')) === '1', {
      what: 'the reconnection to be counted',
    });
  });

  /** Every score of a match that the page shows from now on, in order, each once in a row. */
  const watchScores = (matchId: string) =>
    watch(
      'scores',
      `Array.from(document.querySelectorAll('article[data-match-id="${matchId}"] .score'), (one) => one.textContent).join(':')`,
    );

  it('shows no wrong score while the host restarts, whatever its caches and a slower instance say', async () => {
    await watchScores('m1');
    const { port } = server.address() as AddressInfo;
    const goalsBefore = [1, 2];
    for (const goals of goalsBefore) commit(goalFrame(`1.${goals}`, `1.${goals + 1}`, goals));
    await shows('m1', '.home .score', '2');
    // the caches of the next host are as old as the first score
    await close();
    commit(goalFrame('1.3', '1.4', 3));
    await listen(port);
    await shows('m1', '.home .score', '3');
    await eventually(() => requests.filter((path) => path === 'api/matches/live').length > 1, { what: 'the lists' });
    // another instance, which repeats what it heard late
    send(goalFrame('1.1', '1.2', 1), goalFrame('1.2', '1.3', 2), goalFrame('1.3', '1.4', 3));
    const connections = asked.length;
    for (const one of clients) one.terminate();
    await eventually(() => asked.length > connections, { what: 'the page to come back' });
    commit(goalFrame('1.4', '1.5', 4));
    await shows('m1', '.home .score', '4');
    expect(await seen('scores')).toEqual(['0:0', '1:0', '2:0', '3:0', '4:0']);
    await eventually(async () => (await page.innerText('#goal-count')) === '3', { what: 'the goals that were told' });
  });
}
