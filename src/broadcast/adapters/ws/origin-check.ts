import type { IncomingMessage } from 'node:http';

/** Tells whether a page may connect: a browser names the origin of the page, and no page can change that. */
export class OriginCheck {
  private readonly allowed: ReadonlySet<string> | null;

  /** @param origins undefined: every origin may */
  constructor(origins: readonly string[] | undefined) {
    this.allowed = origins ? new Set(origins) : null;
  }

  /** A request without an origin comes from no browser. */
  allows({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
    if (this.allowed === null) return true;
    // version 8 of the protocol, which the library still speaks, has a name of its own for it
    const origin = headers.origin ?? headers['sec-websocket-origin'];
    return origin === undefined || this.allowed.has(String(origin));
  }
}
