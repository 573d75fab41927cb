import {
  type ActionDone,
  type ActionName,
  type ActionPreview,
  type FactsSince,
  type OperationsFacts,
  TOKEN_HEADER,
} from '../../facts.js';
import { RefusedError } from './poll.js';
import { ActionRefusedError } from './request-failure.js';
import { shown } from './text.js';

/** An answer may take so long. */
const TIMEOUT_MS = 10_000;

/** The routes stand beside the script, whatever prefix, version or proxy is in front of them. */
function address(path: string): URL {
  return new URL(path, import.meta.url);
}

/** @throws RefusedError for another status than 2xx, TypeError or a timeout when nothing came */
export async function ask<Answer>(path: string, signal = AbortSignal.timeout(TIMEOUT_MS)): Promise<Answer> {
  const response = await fetch(address(path), { signal, headers: { accept: 'application/json' }, cache: 'no-store' });
  if (!response.ok) throw new RefusedError(response.status);
  return (await response.json()) as Answer;
}

export function askFacts(sinceMs: number | null, signal: AbortSignal): Promise<OperationsFacts | FactsSince> {
  return ask(sinceMs === null ? 'facts' : `facts?since=${sinceMs}`, signal);
}

async function send<Answer>(path: string, token: string, body: object): Promise<Answer> {
  const response = await fetch(address(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', [TOKEN_HEADER]: token },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as Answer;
  const { message } = (answer ?? {}) as { readonly message?: unknown };
  throw new ActionRefusedError(message === undefined ? `The host answered ${response.status}.` : shown(message));
}

/** What the action would do. Nothing is done. */
export function preview(action: ActionName, token: string, body: object): Promise<ActionPreview> {
  return send(`actions/${action}?preview`, token, body);
}

export function perform(action: ActionName, token: string, body: object): Promise<ActionDone> {
  return send(`actions/${action}`, token, body);
}
