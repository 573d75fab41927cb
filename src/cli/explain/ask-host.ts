import type { Explanation } from '../../contracts/health-facts.js';
import { CommandError, UnreachableError } from '../cli.errors.js';

const TIMEOUT_MS = 5_000;

/**
 * The host's answer.
 * @throws UnreachableError when it does not answer within 5 s
 * @throws CommandError when it answers something else than an explanation
 */
export async function askHost(host: URL, matchId: string): Promise<Explanation> {
  const url = new URL(host);
  url.protocol = host.protocol.replace('ws', 'http');
  // A path is the global prefix of the host.
  url.pathname = `${host.pathname.replace(/\/$/, '')}/livescore/explain/${encodeURIComponent(matchId)}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause: unknown) => {
    throw new UnreachableError('host', host.href, cause instanceof Error ? (cause.cause ?? cause) : cause);
  });
  const body: unknown = await response.json().catch(() => null);
  if (isExplanation(body)) return body;
  throw new CommandError(
    'LIVESCORE_NO_EXPLANATION',
    `${url.href} answered ${response.status} without an explanation: is it a host with @goalgpt/livescore, asked from its own machine?`,
  );
}

function isExplanation(body: unknown): body is Explanation {
  return typeof body === 'object' && body !== null && 'decisions' in body && Array.isArray(body.decisions);
}
