import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { withDeadline } from '../../../kernel/deadline.js';
import { fieldsOf } from '../../../kernel/fields.js';
import { LiveScoreError } from '../../../kernel/livescore.errors.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import { tlsFailure } from '../../../kernel/tls-failure.js';

export interface HttpReply {
  readonly status: number;
  readonly body: string;
}

export interface HttpPostOptions {
  readonly url: URL;
  /** hold a key: never logged, never in an error */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly scheduler: Scheduler;
}

/** A request without a whole answer. Nobody knows whether it was carried out. */
export class NoAnswerError extends LiveScoreError {
  constructor(readonly reason: string) {
    super('LIVESCORE_NO_ANSWER', `The request has no answer: ${reason}`, { reason });
  }
}

/**
 * Posts JSON to one address, one connection that is kept. Every request is bounded in time, to the last byte of its answer, and
 * in size. Follows no redirect: it would carry the key to somebody else.
 */
export class HttpPost {
  private readonly agent: HttpAgent;
  private readonly isSecure: boolean;

  constructor(private readonly options: HttpPostOptions) {
    this.isSecure = options.url.protocol === 'https:';
    const settings = { keepAlive: true, maxSockets: 1 };
    this.agent = this.isSecure ? new HttpsAgent(settings) : new HttpAgent(settings);
  }

  /** @throws NoAnswerError, or the signal's reason when it is aborted */
  send(body: string, signal: AbortSignal): Promise<HttpReply> {
    const { timeoutMs, scheduler } = this.options;
    const late = () => new NoAnswerError(`none within ${timeoutMs} ms`);
    return withDeadline({ waitMs: timeoutMs, scheduler, late, signals: [signal] }, async (stop) => {
      try {
        return await this.exchange(body, stop);
      } catch (error) {
        stop.throwIfAborted();
        throw error instanceof NoAnswerError ? error : new NoAnswerError(tlsFailure(error) ?? codeOf(error));
      }
    });
  }

  /** Ends the connection. */
  close(): void {
    this.agent.destroy();
  }

  private async exchange(body: string, signal: AbortSignal): Promise<HttpReply> {
    const bytes = Buffer.from(body);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const { url, headers } = this.options;
      const { agent } = this;
      const length = { 'Content-Type': 'application/json', 'Content-Length': bytes.length };
      const send = this.isSecure ? requestHttps : requestHttp;
      const request = send(url, { method: 'POST', agent, signal, headers: { ...headers, ...length } }, resolve);
      request.on('error', reject).end(bytes);
    });
    return { status: response.statusCode ?? 0, body: await this.read(response) };
  }

  private async read(response: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    // leaving the loop by an error ends the connection
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > this.options.maxBodyBytes) throw new NoAnswerError('it is too long');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

/** The code of the system: texts may hold the address. */
function codeOf(error: unknown): string {
  const { code } = fieldsOf(error);
  return typeof code === 'string' ? code : 'broken off';
}
