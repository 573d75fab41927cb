import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromiumPath, launchBrowser } from '../../test/support/browser.js';

const PAINT_TIMEOUT_MS = 20_000;

/** Somebody who reads the page, in a Chromium that gives way to everything else: it would run on another machine. */
export class Reader {
  private page: Page | null = null;

  private constructor(
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    private readonly url: string,
  ) {}

  static async start(host: string, secret: string): Promise<Reader> {
    const path = chromiumPath();
    if (!path) throw new Error('No Chromium found: install one, or set CHROMIUM_PATH');
    const browser = await launchBrowser(givingWay(path));
    const context = await browser.newContext({ extraHTTPHeaders: { 'x-internal-secret': secret } });
    return new Reader(browser, context, `http://${host}/livescore`);
  }

  /** Opens the page and waits for its first answer. */
  async open(): Promise<void> {
    this.page = await this.context.newPage();
    await this.page.goto(this.url);
    await this.page.waitForSelector('body[data-now]', { timeout: PAINT_TIMEOUT_MS });
    await this.page.evaluate('performance.clearResourceTimings()');
  }

  async close(): Promise<void> {
    await this.page?.close();
    this.page = null;
  }

  /** How long each question of the page took since it was opened, ms. */
  async questions(): Promise<readonly number[]> {
    const took = `performance.getEntriesByType('resource').filter(({ name }) => /[/]facts/.test(name)).map(({ duration }) => duration)`;
    return this.page ? this.page.evaluate<number[]>(took) : [];
  }

  /** From the navigation to the first text on the screen, ms, in a tab of its own. */
  async firstPaintMs(url = this.url): Promise<number> {
    const page = await this.context.newPage();
    try {
      await page.goto(url);
      await page.waitForFunction(`performance.getEntriesByName('first-contentful-paint').length > 0`);
      return await page.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0].startTime`);
    } finally {
      await page.close();
    }
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}

function givingWay(chromium: string): string {
  const script = join(mkdtempSync(join(tmpdir(), 'livescore-page-')), 'chromium');
  writeFileSync(script, `#!/bin/sh\nexec nice -n 19 '${chromium}' "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}
