import type { PoolFacts } from '../../contracts/health-facts.js';
import type { LatencyStats } from '../../contracts/latency-facts.js';
import { pause } from '../../kernel/deadline.js';
import { isFields } from '../../kernel/fields.js';
import { jsonIn } from '../../kernel/json.js';
import { REAL_TIME } from '../../kernel/scheduler.js';
import { reasonOf } from '../../kernel/unreachable.errors.js';
import { askHost } from '../host-answer.js';
import type { HealthAnswer, HostFacts, Known } from './facts.js';

/** How often a host is looked at. */
export interface Looking {
  readonly looks: number;
  readonly betweenMs: number;
  /** no further look after that: two that were not answered in time, say */
  readonly longestMs: number;
}

export const TWO_SECONDS: Looking = { looks: 8, betweenMs: 250, longestMs: 8_000 };
/** An update is counted in two places one after the other: a difference that holds is one. */
const JUDGED_LOOKS = 3;

const CLOSED =
  'the guarded routes do not open: set LIVESCORE_INTERNAL_SECRET to the option health.internalSecret of the host, or DATABASE_URL to its database';

/** Looks at a running host several times. Unknown when it never answers. */
export async function readHost(host: URL, secrets: readonly string[], looking: Looking): Promise<Known<HostFacts>> {
  try {
    const secret = await openingSecret(host, secrets);
    const looks = await lookSeveralTimes(host, secret, looking);
    const health = looks.healths.at(-1);
    if (!health) return { unknown: `${host.host} does not answer /health with "ok":true` };
    return {
      value: {
        health,
        looks: looks.made,
        answered: looks.healths.length,
        unaccounted: looks.healths.slice(-JUDGED_LOOKS).map(({ accounting }) => accounting.unaccounted),
        ready: await readReady(host),
        pool: secret === null ? { unknown: CLOSED } : { value: looks.pools },
        latency: secret === null ? { unknown: CLOSED } : await readLatency(host, secret),
        writeErrors: await readWriteErrors(host),
      },
    };
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
}

/** The secret that this host knows; null when it knows none of them. @throws UnreachableError */
async function openingSecret(host: URL, secrets: readonly string[]): Promise<string | null> {
  for (const secret of secrets) {
    const { status } = await askHost(host, '/metrics/latency', secret);
    if (status === 200) return secret;
  }
  return null;
}

interface Looks {
  readonly made: number;
  readonly healths: readonly HealthAnswer[];
  readonly pools: readonly PoolFacts[];
}

async function lookSeveralTimes(
  host: URL,
  secret: string | null,
  { looks, betweenMs, longestMs }: Looking,
): Promise<Looks> {
  const healths: HealthAnswer[] = [];
  const pools: PoolFacts[] = [];
  const endMs = REAL_TIME.monotonicMs() + longestMs;
  let made = 0;
  while (made < looks && REAL_TIME.monotonicMs() < endMs) {
    made++;
    const answer = await askHost(host, '/health').catch(() => null);
    const body = answer?.status === 200 ? jsonIn(answer.text) : null;
    if (isHealth(body)) healths.push(body);
    const pool = secret === null ? null : await askHost(host, '/health/pool', secret).catch(() => null);
    const facts = pool?.status === 200 ? jsonIn(pool.text) : null;
    if (isPool(facts)) pools.push(facts);
    await pause(betweenMs, REAL_TIME);
  }
  return { made, healths, pools };
}

async function readReady(host: URL): Promise<HostFacts['ready']> {
  const { status, text } = await askHost(host, '/ready');
  const body = jsonIn(text);
  const db = isFields(body) && isFields(body.db) ? body.db : {};
  return { status, error: typeof db.error === 'string' ? db.error : null };
}

async function readLatency(host: URL, secret: string): Promise<HostFacts['latency']> {
  const ask = async (query: string) => {
    const body = jsonIn((await askHost(host, `/metrics/latency${query}`, secret)).text);
    return isFields(body) && isFields(body.data) && isStats(body.data.stats) ? body.data.stats : null;
  };
  const [all, goals] = [await ask(''), await ask('?eventType=GOAL')];
  return all && goals ? { value: { all, goals } } : { unknown: 'the host has no latencies' };
}

async function readWriteErrors(host: URL): Promise<Known<number>> {
  const { status, text } = await askHost(host, '/metrics');
  if (status !== 200 || !text.includes('livescore_'))
    return { unknown: 'failed statements unknown (metricsRoute is off)' };
  return { value: sumOf(text, 'livescore_write_errors_total') };
}

/** The sum of a metric over its labels, from Prometheus text. */
export function sumOf(text: string, name: string): number {
  const values = text.split('\n').flatMap((line) => {
    const [, metric, value] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
    return metric === name ? [Number(value)] : [];
  });
  return values.reduce((sum, value) => sum + value, 0);
}

function isHealth(body: unknown): body is HealthAnswer {
  return isFields(body) && body.ok === true && typeof body.uptime_s === 'number' && isFields(body.accounting);
}

function isPool(body: unknown): body is PoolFacts {
  return isFields(body) && [body.active, body.total, body.waiting].every((count) => typeof count === 'number');
}

function isStats(stats: unknown): stats is LatencyStats {
  return isFields(stats) && typeof stats.count === 'number' && 'p95' in stats && 'p99' in stats;
}
