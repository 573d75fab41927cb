import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 100;

interface Answer {
  readonly body: string;
  readonly tag: string;
}

/**
 * An answer is shared by all who ask at the same time. It is made after they asked, so it shows every goal that an answer of their
 * own would show; and at most every 100 ms, so that strangers who ask without pause cost what ten readers a second cost, and
 * its transport.
 */
export class SharedAnswer {
  private next: Promise<Answer> | null = null;
  private lastAtMs = Number.NEGATIVE_INFINITY;

  /** @param make reads and builds what is answered, as JSON */
  constructor(private readonly make: () => Promise<unknown>) {}

  /** @returns the body; tag and type are in the headers */
  async to(response: ServerResponse): Promise<string> {
    const { body, tag } = await this.ask();
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('etag', tag);
    return body;
  }

  private ask(): Promise<Answer> {
    if (this.next) return this.next;
    const waitMs = this.lastAtMs + EVERY_MS - performance.now();
    if (waitMs <= 0) return this.begin();
    this.next = pause(waitMs).then(() => this.begin());
    return this.next;
  }

  /** Who asks from now on is answered by the next one. */
  private async begin(): Promise<Answer> {
    this.next = null;
    this.lastAtMs = performance.now();
    const body = JSON.stringify(await this.make());
    return { body, tag: `W/"${createHash('sha1').update(body).digest('base64')}"` };
  }
}
