import { UsageError } from './cli.errors.js';
import type { Environment } from './command.js';

const DEFAULT_PORT = '3000';

/** The host's address without a path: `--url`, or loopback on `PORT` (3000). */
export function hostUrl(url: string | undefined, env: Environment): URL {
  const text = url ?? `http://127.0.0.1:${env.PORT ?? DEFAULT_PORT}`;
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (parsed && /^(http|ws)s?:$/.test(parsed.protocol)) return parsed;
  throw new UsageError(`--url must be http://host:port or ws://host:port, received "${text}"`);
}

/** `http` becomes `ws`; without a path the legacy one, `/ws`, is meant. */
export function webSocketUrl(host: URL): string {
  const url = new URL(host);
  url.protocol = host.protocol.replace('http', 'ws');
  if (url.pathname === '/') url.pathname = '/ws';
  return url.href;
}
