import type { Browser, BrowserContext } from 'playwright-core';
import { chromiumPath, launchBrowser } from '../../test/support/browser.js';
import { median, rounded } from '../statistics.js';

const PAINTS = 11;

/** Opens pages in a Chromium and measures when the first text is on the screen. */
export class Paints {
  private constructor(
    private readonly browser: Browser,
    private readonly context: BrowserContext,
  ) {}

  static async start(secret: string): Promise<Paints> {
    const path = chromiumPath();
    if (!path) throw new Error('No Chromium found: install one, or set CHROMIUM_PATH');
    const browser = await launchBrowser(path);
    return new Paints(browser, await browser.newContext({ extraHTTPHeaders: { 'x-internal-secret': secret } }));
  }

  /** The median from the navigation to the first text, ms, in tabs of their own, after one that fills the browser's caches. */
  async medianMs(url: string): Promise<number | null> {
    await this.firstMs(url);
    const paints: number[] = [];
    for (let n = 0; n < PAINTS; n += 1) paints.push(await this.firstMs(url));
    return rounded(median(paints), 0);
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }

  private async firstMs(url: string): Promise<number> {
    const page = await this.context.newPage();
    try {
      await page.goto(url);
      // a text would be evaluated, which the policy of the page refuses
      await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
      return await page.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0].startTime`);
    } finally {
      await page.close();
    }
  }
}
