import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cancel } from '../../../kernel/scheduler.js';
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
  private readonly raw: ServerResponse;

  constructor(private readonly response: LiveResponse) {
    this.raw = 'raw' in response ? response.raw : response;
  }

  get isGone(): boolean {
    return this.raw.destroyed || this.raw.closed;
  }

  onGone(leave: () => void): Cancel {
    this.raw.once('close', leave);
    return () => this.raw.off('close', leave);
  }

  /** Nothing is sent to who is gone. */
  send({ status, headers, body }: LiveAnswer): void {
    const { response } = this;
    if (this.isGone || this.raw.headersSent) return;
    if ('raw' in response) {
      response.code(status).headers(headers).send(body);
      return;
    }
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(body);
  }
}
