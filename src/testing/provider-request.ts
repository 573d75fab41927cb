import type { IncomingMessage } from 'node:http';

/** A request as it arrived. */
export interface ArrivedRequest {
  /** path below the base address */
  readonly endpoint: string;
  readonly params: URLSearchParams;
  /** without credentials */
  readonly query: Readonly<Record<string, string>>;
  /** from 1; 1 also for one that makes no sense */
  readonly page: number;
  /** unix seconds; null when there is none, or one that makes no sense */
  readonly timeS: number | null;
  readonly host: string;
  readonly caller: string;
}

const BASE = /^\/v1(\/football)?(?=\/)/;
const CREDENTIALS = new Set(['user', 'secret']);

export function arrivedRequest(incoming: IncomingMessage): ArrivedRequest {
  const host = incoming.headers.host ?? '127.0.0.1';
  const { pathname, searchParams: params } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  return {
    endpoint: pathname.replace(BASE, ''),
    params,
    query: Object.fromEntries([...params].filter(([name]) => !CREDENTIALS.has(name))),
    page: wholeNumber(params.get('page'), 1) ?? 1,
    timeS: wholeNumber(params.get('time'), 0),
    host,
    caller: incoming.socket.remoteAddress ?? '',
  };
}

function wholeNumber(text: string | null, least: number): number | null {
  if (text === null || !/^\d+$/.test(text)) return null;
  return Number(text) >= least ? Number(text) : null;
}
