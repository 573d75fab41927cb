import type { ProviderStandIn } from '../../src/testing/index.js';

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** parsed; undefined when it is no JSON */
  readonly body: AskedBody | undefined;
}

export interface AskedBody {
  readonly code?: number;
  readonly err?: string;
  readonly results?: unknown;
  readonly result?: unknown;
  readonly results_extra?: Readonly<Record<string, unknown>>;
  readonly total?: number;
}

/** One request with the right credentials. */
export async function ask(
  standIn: ProviderStandIn,
  endpoint: string,
  params: Readonly<Record<string, string | number>> = {},
  signal?: AbortSignal,
): Promise<Asked> {
  const url = new URL(`${standIn.url}${endpoint}`);
  const { user, secret } = standIn;
  for (const [name, value] of Object.entries({ user, secret, ...params })) url.searchParams.set(name, String(value));
  const response = await fetch(url, { signal: signal ?? null });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

/** The ids of one page. */
export async function idsOf(
  standIn: ProviderStandIn,
  endpoint: string,
  params: Readonly<Record<string, string | number>> = {},
): Promise<string[]> {
  const { body } = await ask(standIn, endpoint, params);
  if (!Array.isArray(body?.results)) throw new Error(`${endpoint} told no list`);
  return body.results.map(({ id }: { id: string }) => id);
}

/** The ids of all pages, up to the first empty one. */
export async function everyId(
  standIn: ProviderStandIn,
  endpoint: string,
  params: Readonly<Record<string, string | number>> = {},
): Promise<string[]> {
  const all: string[] = [];
  for (let page = 1; page < 1_000; page++) {
    const ids = await idsOf(standIn, endpoint, { ...params, page });
    if (ids.length === 0) return all;
    all.push(...ids);
  }
  throw new Error(`${endpoint} has no end`);
}

function parsed(text: string): AskedBody | undefined {
  try {
    return JSON.parse(text) as AskedBody;
  } catch {
    return undefined;
  }
}
