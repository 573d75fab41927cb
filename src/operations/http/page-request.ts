import type { IncomingHttpHeaders } from 'node:http';

/** What the requests of Express and Fastify have in common here. */
export interface PageRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
  /** as the host got it, whatever its middleware made of it */
  readonly originalUrl?: string;
  readonly ip?: string;
  readonly protocol?: string;
  readonly body?: unknown;
  /** set by the host's guard */
  readonly user?: unknown;
}

/** Path of a request, percent-encoded as it came, without its query. */
export function pathOf({ originalUrl, url }: PageRequest): string {
  const [path = ''] = (originalUrl ?? url).split('?', 1);
  return path;
}

/** The value of a header that may stand once. */
export function headerOf({ headers }: PageRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The value of a cookie; of several with one name the first one. */
export function cookieOf(request: PageRequest, name: string): string | undefined {
  for (const pair of headerOf(request, 'cookie')?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** A proxy may say so; a browser that lies about it only keeps its own cookie from itself. */
export function isSecure(request: PageRequest): boolean {
  return request.protocol === 'https' || headerOf(request, 'x-forwarded-proto') === 'https';
}
