import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { createTestDatabase, runSql, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { seedMatch } from '../../support/example-host.js';
import { TcpGate } from '../../support/tcp-gate.js';
import { type HostOptions, NameGuard, OperationsHost, SECRET } from '../operations-host.js';
import { answerOf, firstContentMs, openWatched, painted, type WatchedPage } from './page-under-test.js';
import { shownFacts, wrongFacts } from './shown-facts.js';
import { describeInChromium } from './stand-in-bench.js';

const HOSTILE = '<img src=x onerror="document.title=1">\u202e';
const PLATFORMS = ['express', 'fastify'] as const;
const PREFIXES = [undefined, 'api'] as const;
const WAYS_IN = ['secret', 'guard'] as const;
const MATRIX = PLATFORMS.flatMap((platform) =>
  PREFIXES.flatMap((prefix) => WAYS_IN.map((way) => [platform, prefix ?? 'no', way, prefix] as const)),
);
describeInChromium('the operations page of a host', (browserPath) => {
  let browser: Browser;
  let database: TestDatabase;
  let gate: TcpGate;
  let host: OperationsHost | undefined;
  let watched: WatchedPage | undefined;

  beforeAll(async () => {
    browser = await launchBrowser(browserPath);
    database = await createTestDatabase();
    gate = new TcpGate(new URL(database.url));
    await gate.open();
    for (const matchId of ['m1', 'm2', 'm3']) await seedMatch(database.url, matchId);
    await runSql(
      database.url,
      `UPDATE ts_matches SET status_id = 4, home_score_display = 2, away_score_display = 1, updated_at = now();
       UPDATE ts_teams SET name = '${HOSTILE.replaceAll("'", "''")}' WHERE external_id = 'm3-h'`,
    );
  });

  afterEach(async () => {
    await watched?.page.context().close();
    await host?.close();
    const faults = watched?.faults ?? [];
    host = undefined;
    watched = undefined;
    expect(faults).toEqual([]);
  });

  afterAll(async () => {
    await browser.close();
    await gate.shut();
    await database.drop();
  });

  const start = async (options: Partial<HostOptions>) => {
    host = await OperationsHost.start({ databaseUrl: database.url, ...options });
    return host;
  };
  const watch = async (options: BrowserContextOptions = {}) => {
    watched = await openWatched(browser, options);
    return watched.page;
  };
  /** Through the door that a person takes. */
  const signIn = async (page: Page, { page: address }: OperationsHost) => {
    expect((await page.goto(address))?.status()).toBe(404);
    await page.goto(`${address}/sign-in`);
    await page.fill('input[name="secret"]', SECRET);
    await page.press('input[name="secret"]', 'Enter');
    await page.waitForURL(address);
  };
  const says = (page: Page, pattern: RegExp) =>
    eventually(async () => pattern.test(await page.innerText('#verdict')), {
      what: String(pattern),
      timeoutMs: 30_000,
    });

  it.each(MATRIX)(
    'on %s, with %s prefix, opened by a %s: it is painted, and every fact is the one of the host',
    async (platform, _, way, prefix) => {
      const running = await start({
        platform,
        ...(prefix && { prefix }),
        ...(way === 'secret' ? { secret: SECRET } : { guard: NameGuard }),
      });
      const page = await watch(way === 'guard' ? { extraHTTPHeaders: { 'x-name': 'kaan@example.org' } } : {});
      if (way === 'secret') await signIn(page, running);
      await page.goto(running.page);
      await painted(page);
      const firstMs = await firstContentMs(page);
      console.log(`${platform}, ${prefix ?? 'no'} prefix, ${way}: first content after ${Math.round(firstMs)} ms`);
      expect(firstMs).toBeGreaterThan(0);
      await page.waitForSelector('#live-list article[data-match-id="m3"]');
      const shown = await shownFacts(page);
      expect(shown.facts.length).toBeGreaterThan(50);
      expect(wrongFacts(shown, await answerOf(page, shown.now))).toEqual([]);
      const names = page.locator('#live-list article[data-match-id="m3"] .home');
      // the names of the matches are read after their first frames are shown
      await eventually(async () => (await names.textContent()) === HOSTILE.replace('\u202e', '\\u202e'), {
        what: 'the name as it is, made harmless',
      });
      await eventually(async () => (await page.innerText('#live-state')).endsWith('live.'), {
        what: "the page's own connection",
      });
      expect(await page.title()).toMatch(/: operations$/);
    },
  );

  it('is not there without guard and secret, and for who does not pass', async () => {
    const closed = await start({});
    const page = await watch();
    for (const path of ['', '/start.js', '/page.js', '/page.css', '/facts', '/sign-in']) {
      expect((await page.goto(closed.page + path))?.status()).toBe(404);
    }
    await closed.close();
    const guarded = await start({ guard: NameGuard });
    expect((await page.goto(guarded.page))?.status()).toBe(401);
  });

  it('pins a match: who, why, what will happen, and shows it with the next facts', async () => {
    const running = await start({ secret: SECRET, more: { withRollout: true } });
    const page = await watch();
    await signIn(page, running);
    await painted(page);
    await page.click('text=Pin a match');
    await page.fill('dialog input[name="matchId"]', 'm2');
    await page.selectOption('dialog select[name="route"]', 'direct');
    await page.fill('dialog input[name="by"]', 'kaan');
    await page.fill('dialog input[name="reason"]', `to be sure ${HOSTILE}`);
    await page.click('text=What will happen');
    await page.locator('dialog .actions button').first().and(page.locator('text=/[Dd]o it$/')).click();
    await page.click('dialog button:has-text("Close")');
    const line = page.locator('#rollout-body tr', {
      has: page.locator('[data-fact^="stored.rollout.value.pins"]:text-is("m2")'),
    });
    await eventually(async () => (await line.count()) === 1, { what: 'the pin' });
    expect(await line.innerText()).toContain(`to be sure ${HOSTILE.replace('\u202e', '\\u202e')}`);
  });

  it('explains a match that it finds by its name', async () => {
    const running = await start({ secret: SECRET });
    const page = await watch();
    await signIn(page, running);
    await painted(page);
    await page.fill('#find-text', 'm1 home');
    await page.press('#find-text', 'Enter');
    await page.waitForSelector('#match-body dl');
    expect(await page.innerText('#match-body h3')).toContain('m1 home 2:1 m1 away');
  });

  it('says that the database is away, and recovers', async () => {
    const running = await start({ databaseUrl: gate.url, secret: SECRET });
    const page = await watch();
    await signIn(page, running);
    await painted(page);
    await says(page, /^(?!The database)/);
    await page.waitForSelector('#live-list article');
    await gate.shut();
    const shutAt = performance.now();
    await says(page, /^The database does not answer/);
    console.log(`the database was said to be away after ${Math.round(performance.now() - shutAt)} ms`);
    const rows = page.locator('#live-list article');
    await eventually(async () => (await rows.count()) === 3, { what: 'the matches' });
    await gate.open();
    await says(page, /^(?!The database)/);
  });
});
