import { withDeadline } from '../../../kernel/deadline.js';
import { fieldsOf } from '../../../kernel/fields.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import { tlsFailure } from '../../../kernel/tls-failure.js';
import { ProviderError } from '../../provider.errors.js';

export interface HttpGet {
  /** with credentials in it: never logged, never in an error */
  readonly url: URL;
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly scheduler: Scheduler;
  /** each of them calls it off */
  readonly signals: readonly AbortSignal[];
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * One GET, bounded in time (to the last byte) and in size (uncompressed). Follows no redirect: it would carry the
 * credentials to somebody else.
 * @param onHeaders called as soon as the answer begins
 * @throws ProviderError: timeout, aborted, unreachable, malformed (too large)
 */
export async function httpGet(request: HttpGet, onHeaders: (headers: Headers) => void): Promise<HttpReply> {
  const { url, endpoint, timeoutMs, scheduler, signals } = request;
  const timeout = new ProviderError('timeout', `No complete answer within ${timeoutMs} ms`, { endpoint });
  let stop: AbortSignal | undefined;
  try {
    return await withDeadline({ waitMs: timeoutMs, scheduler, late: () => timeout, signals }, async (signal) => {
      stop = signal;
      const response = await fetch(url, { redirect: 'manual', signal });
      onHeaders(response.headers);
      return { status: response.status, headers: response.headers, body: await readBody(response, request) };
    });
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if (stop?.reason === timeout) throw timeout;
    if (stop?.aborted) throw new ProviderError('aborted', 'Called off', { endpoint });
    throw new ProviderError('unreachable', `The connection failed: ${causeOf(error)}`, { endpoint });
  }
}

async function readBody(response: Response, { endpoint, maxBodyBytes }: HttpGet): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // leaving the loop by an error cancels the body, and with it the connection
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) {
      throw new ProviderError('malformed', `The answer is larger than ${maxBodyBytes} bytes`, { endpoint });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The code of the system or of the HTTP client: texts may hold the address. */
function causeOf(error: unknown): string {
  const { cause = null } = fieldsOf(error);
  const tls = tlsFailure(cause);
  if (tls) return tls;
  const { code } = fieldsOf(cause);
  return typeof code === 'string' ? code : 'broken off';
}
