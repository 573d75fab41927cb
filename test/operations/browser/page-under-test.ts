import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { OperationsFacts } from '../../../src/operations/facts.js';
import { merged } from '../../../src/operations/page/browser/history.js';

/** A page, and what it did that no page of ours may do. */
export interface WatchedPage {
  readonly page: Page;
  /** refused by the policy, written to the console as an error, or thrown */
  readonly faults: string[];
}

/** What the browser itself writes about a status or a host that is away. */
const NETWORK = /^Failed to load resource/;

export async function openWatched(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !NETWORK.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  await page.exposeFunction('tellViolation', (text: string) => faults.push(`policy: ${text}`));
  await page.addInitScript(KEEP_ANSWERS);
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
    tellViolation(event.violatedDirective + ' ' + event.blockedURI))`);
  return { page, faults };
}

/** Keeps what the host answered, as it came, before the page reads it. */
const KEEP_ANSWERS = `{
  const original = globalThis.fetch;
  globalThis.answersKept = [];
  globalThis.fetch = async (...asked) => {
    const response = await original(...asked);
    if (response.ok && new URL(response.url).pathname.endsWith('/facts')) answersKept.push(await response.clone().json());
    return response;
  };
}`;

/** What the host had told by then, with whole histories. */
export async function answerOf(page: Page, now: string): Promise<OperationsFacts | null> {
  const answers = await page.evaluate<OperationsFacts[]>('answersKept');
  const told = answers.slice(0, answers.findIndex((one) => one.now === now) + 1);
  return told.reduce<OperationsFacts | null>((known, next) => merged(known, next), null);
}

/** The page has shown an answer. */
export async function painted(page: Page): Promise<void> {
  await page.waitForSelector('body[data-now]');
}

/** From the navigation to the first text on the screen, ms. */
export async function firstContentMs(page: Page): Promise<number> {
  // a text would be evaluated, which the policy of the page refuses
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  return page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`);
}
