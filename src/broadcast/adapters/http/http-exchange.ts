import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LiveAnswer } from './live-answer.js';
import type { Visitor } from './waiting-room.js';

/** The request of Express or Fastify, as far as it is read here. */
export type LiveRequest = Pick<IncomingMessage, 'method' | 'headers'>;

/** The reply of Fastify: headers that its plugins set, as those of CORS, leave with it only. */
interface FastifyReply {
  readonly raw: ServerResponse;
  code(status: number): this;
  headers(headers: Readonly<Record<string, string>>): this;
  send(body: Buffer): unknown;
}

/** The response of Express is that of Node. */
export type LiveResponse = ServerResponse | FastifyReply;

/** A visitor is there until the connection ends or the answer has left. */
export class Connection implements Visitor {
  onGone: (() => void) | null = null;
  private isClosed = false;

  constructor(private readonly response: LiveResponse) {
    const raw = rawOf(response);
    if (raw.destroyed || raw.closed) this.isClosed = true;
    else raw.once('close', () => this.leave());
  }

  get isGone(): boolean {
    return this.isClosed;
  }

  /** Nothing is sent to who is gone. */
  send({ status, headers, body }: LiveAnswer): void {
    const { response } = this;
    if (this.isClosed || rawOf(response).headersSent) return;
    if ('raw' in response) {
      response.code(status).headers(headers).send(body);
      return;
    }
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(body);
  }

  private leave(): void {
    this.isClosed = true;
    this.onGone?.();
  }
}

function rawOf(response: LiveResponse): ServerResponse {
  return 'raw' in response ? response.raw : response;
}
