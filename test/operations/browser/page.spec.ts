import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { sampleMatch } from './sample-answers.js';
import { liveMatch, section } from './sample-stored.js';
import { shownFacts, wrongFacts } from './shown-facts.js';
import { describeInChromium, StandInBench } from './stand-in-bench.js';

describeInChromium('operations page', (browserPath) => {
  const bench = new StandInBench(browserPath);

  it('shows every fact as the host told it', async () => {
    const { host, page, open, says } = bench;
    await open();
    const shown = await shownFacts(page);
    expect(shown.now).toBe(host.facts.now);
    expect(shown.facts.length).toBeGreaterThan(200);
    expect(wrongFacts(shown, host.facts)).toEqual([]);
    const others = { ...host.facts, totals: { ...host.facts.totals, updates: host.facts.totals.updates + 1 } };
    expect(wrongFacts(shown, others)).toHaveLength(1);
    await says(/^All is well: 8 matches are live/);
    expect([host.facts.ws, await page.innerText('#live-state')]).toEqual([
      null,
      'This process has no endpoint for clients: from the database, each 3 s.',
    ]);
    const rows = page.locator('#live-list article');
    await eventually(async () => (await rows.count()) === 8, { what: 'the matches' });
  });

  it('shows what changed with the next answer, and keeps the focus where it is', async () => {
    const { host, page, open } = bench;
    await open();
    const why = page.locator('#live-list article[data-match-id="m2"] button');
    await why.focus();
    const { stored, totals } = host.facts;
    host.facts = { ...host.facts, now: '2026-11-29T19:42:09.000Z', totals: { ...totals, updates: 812_999 }, stored };
    await eventually(async () => (await shownFacts(page)).now === host.facts.now, { what: 'the next answer' });
    expect(wrongFacts(await shownFacts(page), host.facts)).toEqual([]);
    expect(
      await why.evaluate(
        (one) => one === (globalThis as unknown as { document: { activeElement: unknown } }).document.activeElement,
      ),
    ).toBe(true);
  });

  it('says that no answer comes, while it waits and when the host is away, and recovers', async () => {
    const { host, open, says } = bench;
    await open();
    host.mood = 'hold';
    const heldAt = performance.now();
    await says(/^No answer from the host since \d\d:\d\d:\d\d\.$/);
    console.log(`silence was said ${Math.round(performance.now() - heldAt)} ms after it began`);
    host.mood = 'well';
    await says(/^All is well/);
    await bench.restart(() => says(/^No answer/));
    await says(/^All is well/);
  });

  it('says that the database is away', async () => {
    const { host, page, open, says } = bench;
    host.facts = { ...host.facts, database: { ok: false, error: 'ECONNREFUSED', sinceMs: host.facts.nowMs } };
    await open();
    await says(/^The database does not answer since (\d\d\/\d\d )?\d\d:\d\d:\d\d \(ECONNREFUSED\)/);
    expect(await page.getAttribute('#band', 'data-level')).toBe('bad');
  });

  it('goes on saying what was told once, when the next answers tell nothing new of it', async () => {
    const { host, page, open, says } = bench;
    const { stored } = host.facts;
    const { rollout } = stored;
    if (!rollout?.value) throw new Error('The sample has a rollout');
    const value = { ...rollout.value, setting: { ...rollout.value.setting, latched: true } };
    host.facts = { ...host.facts, stored: { ...stored, rollout: section(value) } };
    await open();
    await says(/^The rollout took itself back/);
    const answered = () => host.asked.filter((path) => path.startsWith('facts?since=')).length;
    const before = answered();
    await eventually(() => answered() >= before + 3, { what: 'three more questions' });
    expect(await page.innerText('#verdict')).toMatch(/^The rollout took itself back/);
  });

  it('leads to the sign-in when the host does not know it any more', async () => {
    const { host, page, url, open, says } = bench;
    await open();
    expect(await page.isVisible('#sign-in')).toBe(false);
    host.mood = 404;
    await says(/sign in again/);
    const address = await page.locator('#sign-in').evaluate((link) => (link as unknown as { href: string }).href);
    expect(address).toBe(`${url}/sign-in`);
  });

  it('explains a match, shows its lanes on one axis, and finds it by name', async () => {
    const { host, page, open } = bench;
    host.answers.set('search', { text: 'x', matches: [liveMatch('m1'), liveMatch('m2')] });
    await open();
    await page.fill('#find-text', 'home');
    await page.press('#find-text', 'Enter');
    await page.locator('#match-body li button').first().click();
    await page.waitForSelector('#plot-match canvas');
    const lines = await page.locator('#match-body .scroll tbody tr').allInnerTexts();
    expect(lines).toHaveLength(sampleMatch('m1').timeline.length);
    expect(lines.join('\n')).toContain('mqtt push: 2-1 in status 4 → applied, newer, against version 13, became 14');
    expect(host.asked).toContain('match/m1');
  });

  it('says what could not be read of a match', async () => {
    const { host, page, open } = bench;
    host.answers.set('match/m1', sampleMatch('m1', { row: null, error: 'ECONNREFUSED', timeline: [] }));
    await open();
    await page.locator('#live-list article[data-match-id="m1"] button').click();
    await page.waitForSelector('#match-body .error');
    expect(await page.innerText('#match-body')).toContain('The database could not be read (ECONNREFUSED)');
    expect(await page.isVisible('#plot-match')).toBe(false);
  });

  it('hands out its plots as pictures and as tables', async () => {
    const { host, page, open } = bench;
    await open();
    const saved = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[aria-label="${name}"]`)]);
      return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
    };
    const table = await saved('Receipt to screens as CSV');
    const { series } = host.facts;
    expect(table.name).toBe('latency.csv');
    const lines = String(table.content).trimEnd().split('\r\n');
    expect(lines).toHaveLength(series.atMs.length + 1);
    expect(lines[0]).toBe('time,p50 (ms),p95 (ms),p99 (ms)');
    expect(lines[1]).toBe(
      [new Date(series.atMs[0] ?? 0).toISOString(), series.p50Ms[0], series.p95Ms[0], series.p99Ms[0]].join(','),
    );
    const goals = await saved('Latency of each goal as CSV');
    expect(String(goals.content).split('\r\n')).toHaveLength(host.facts.goals.length + 2);
    const picture = await saved('Messages, commits, refusals, errors as PNG');
    expect(picture.name).toBe('rates.png');
    expect(picture.content.subarray(1, 4).toString()).toBe('PNG');
  });

  it('has no line wider than a phone, with hostile names as well', async () => {
    const { host, page, open } = bench;
    const long = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch'.repeat(3);
    const matches = section([liveMatch('m1', { home: long, away: long })]);
    host.facts = { ...host.facts, stored: { ...host.facts.stored, matches } };
    await page.setViewportSize({ width: 390, height: 844 });
    await open();
    await page.locator('#live-list article button').first().click();
    await page.waitForSelector('#plot-match canvas');
    await page.click('text=List the newest');
    await page.waitForSelector('#letters-body td');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.click('text=Change the stage');
    const box = await page.locator('dialog').boundingBox();
    expect(box?.width).toBeLessThanOrEqual(390);
  });
});
