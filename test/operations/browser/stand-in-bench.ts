import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { freePort } from '../../../examples/host/embedded/free-port.js';
import { chromiumPath, launchBrowser } from '../../support/browser.js';
import { eventually } from '../../support/eventually.js';
import { PageStandIn } from './page-stand-in.js';
import { openWatched, painted, type WatchedPage } from './page-under-test.js';

const PLACE = '/api/v1/livescore';
/** A browser for all tests, and a stand-in of the host with a page for each. After each test the page has done nothing bad. */
export class StandInBench {
  private browser: Browser | undefined;
  private current: { host: PageStandIn; readonly url: string; readonly watched: WatchedPage } | undefined;

  constructor(browserPath: string) {
    beforeAll(async () => {
      this.browser = await launchBrowser(browserPath);
    });
    beforeEach(() => this.begin());
    afterEach(() => this.end());
    afterAll(() => this.browser?.close());
  }

  get host(): PageStandIn {
    return this.now.host;
  }

  get page(): Page {
    return this.now.watched.page;
  }

  get url(): string {
    return this.now.url;
  }

  open = async (): Promise<void> => {
    await this.page.goto(this.url);
    await painted(this.page);
  };

  /** The sentence on top becomes that. */
  says = (pattern: RegExp) =>
    eventually(async () => pattern.test(await this.page.innerText('#verdict')), { what: String(pattern) });

  /** The host ends, and another one comes at its address. */
  async restart(whileAway: () => Promise<unknown>): Promise<void> {
    const { port } = new URL(this.url);
    await this.host.close();
    await whileAway();
    this.now.host = new PageStandIn(PLACE);
    await this.host.listen(Number(port));
  }

  private get now() {
    if (!this.current) throw new Error('There is a page during a test only');
    return this.current;
  }

  private async begin(): Promise<void> {
    if (!this.browser) throw new Error('No browser was started');
    const host = new PageStandIn(PLACE);
    const url = await host.listen(await freePort());
    const viewport = { width: 1_280, height: 900 };
    this.current = { host, url, watched: await openWatched(this.browser, { viewport, acceptDownloads: true }) };
  }

  private async end(): Promise<void> {
    await this.page.context().close();
    await this.host.close();
    const { faults } = this.now.watched;
    this.current = undefined;
    expect(faults).toEqual([]);
  }
}

/** Describes tests in a Chromium, or says that there is none. */
export function describeInChromium(name: string, tests: (browserPath: string) => void): void {
  const executablePath = chromiumPath();
  if (executablePath) {
    describe(name, () => tests(executablePath));
    return;
  }
  it(`${name}: NOT tested, no Chromium on this machine (install it or set CHROMIUM_PATH)`, () => {
    expect(chromiumPath()).toBeNull();
  });
}
