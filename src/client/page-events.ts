import type { Page } from './live-client.options.js';

export function isHidden(page: Page): boolean {
  return page.document?.hidden ?? false;
}

/** Tells, or tells no more, when a page may have been away: it became visible, came back, or the machine is online. In Node never. */
export function listen(page: Page, what: 'addEventListener' | 'removeEventListener', heard: () => void): void {
  page.document?.[what]('visibilitychange', heard);
  for (const event of ['online', 'pageshow']) page[what]?.(event, heard);
}
