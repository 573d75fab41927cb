import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface LiveReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface LiveGetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'HEAD' | 'OPTIONS';
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
}

/** One connection, and none that is kept, for each request without an agent. */
export function liveGet(url: string, { headers, method, agent, signal }: LiveGetOptions = {}): Promise<LiveReply> {
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      method: method ?? 'GET',
      agent: agent ?? false,
      ...(headers ? { headers } : undefined),
      ...(signal ? { signal } : undefined),
    });
    asking.on('error', reject);
    asking.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    asking.end();
  });
}
