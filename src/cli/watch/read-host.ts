import { type Fields, fieldsOf } from '../../kernel/fields.js';
import { jsonIn } from '../../kernel/json.js';
import { askHost } from '../host-answer.js';
import type { HostView } from './host-view.js';

/** What the host had counted at a look. */
export interface Counted {
  readonly atMs: number;
  readonly received: number;
  readonly applied: number;
}

/**
 * `GET /health`, and what the host tells who shows its secret.
 * @param before of the look before; null at the first
 * @throws UnreachableError
 */
export async function readHost(
  host: URL,
  secrets: readonly string[],
  before: Counted | null,
): Promise<{ readonly view: HostView; readonly counted: Counted | null; readonly isOpen: boolean }> {
  const health = fieldsOf(jsonIn((await askHost(host, '/health')).text));
  const [latency, pool] = await guarded(host, secrets);
  const [feed, accounting] = [fieldsOf(health.feed), fieldsOf(health.accounting)];
  const [received, applied] = [number(accounting.received), number(accounting.applied)];
  const counted = received === null || applied === null ? null : { atMs: performance.now(), received, applied };
  const view: HostView = {
    url: host.host,
    uptimeS: number(health.uptime_s),
    feed: text(feed.state) ?? (feed.connected === true ? 'connected' : feed.connected === false ? 'down' : null),
    silentS: number(feed.seconds_since_message),
    messagesLastMinute: number(feed.messages_60s),
    noFeed: number(feed.no_feed),
    holdsLease: typeof fieldsOf(health.lease).held === 'boolean' ? fieldsOf(health.lease).held === true : null,
    stage: text(fieldsOf(health.rollout).stage),
    clients: number(health.clients),
    unaccounted: number(accounting.unaccounted),
    receivedPerS: rate(before, counted, 'received'),
    appliedPerS: rate(before, counted, 'applied'),
    ...latencyOf(latency),
    pool: poolOf(pool),
  };
  return { view, counted, isOpen: latency !== null };
}

/** Null for each where no secret opens it. */
async function guarded(host: URL, secrets: readonly string[]): Promise<readonly [Fields | null, Fields | null]> {
  for (const secret of secrets) {
    const latency = await askHost(host, '/metrics/latency', secret);
    if (latency.status !== 200) continue;
    return [fieldsOf(jsonIn(latency.text)), fieldsOf(jsonIn((await askHost(host, '/health/pool', secret)).text))];
  }
  return [null, null];
}

function latencyOf(answer: Fields | null): Pick<HostView, 'p50Ms' | 'p95Ms'> {
  const { stats } = fieldsOf(answer?.data);
  const all = fieldsOf(Array.isArray(stats) ? stats[0] : stats);
  return { p50Ms: number(all.p50), p95Ms: number(all.p95) };
}

function poolOf(answer: Fields | null): HostView['pool'] {
  const [active, total, waiting] = [number(answer?.active), number(answer?.total), number(answer?.waiting)];
  return active === null || total === null ? null : { active, total, waiting: waiting ?? 0 };
}

/** A host that started anew counts from 0. */
function rate(before: Counted | null, now: Counted | null, of: 'received' | 'applied'): number | null {
  if (!before || !now || now[of] < before[of]) return null;
  return Math.round(((now[of] - before[of]) / Math.max(1, now.atMs - before.atMs)) * 10_000) / 10;
}
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
