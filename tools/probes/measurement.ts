import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../../src/kernel/percentile.js';

const EVERY_MS = 100;
/** Later than that is no answer. */
const LATEST_MS = 5_000;

/** Every route of the package, as a deploy script, a load balancer or Prometheus asks for it. */
export const ROUTES = [
  '/health',
  '/ready',
  '/health/ready',
  '/health/detailed',
  '/health/pool',
  '/sync/status',
  '/metrics/latency',
  '/metrics/websocket',
  '/livescore/explain/probe-0',
  '/metrics',
] as const;

/** What one route answered in one phase. */
export interface Measured {
  readonly route: string;
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** statuses in order of their first answer; 0: no answer */
  readonly statuses: readonly number[];
}

/** What all routes answered at one time, and beside them a server that only answers. */
export interface Measurement {
  readonly rows: readonly Measured[];
  readonly bare: Measured;
}

/** Where the routes are, and a server that only answers, `host:port` each. */
export interface Addresses {
  readonly host: string;
  readonly bare: string;
}

/** Asks every route, and the bare server, again and again. */
export async function measure({ host, bare }: Addresses, secret: string, seconds: number): Promise<Measurement> {
  const measuring = ROUTES.map((route) => measureRoute(new URL(`http://${host}${route}`), secret, seconds));
  const [machine, ...rows] = await Promise.all([
    measureRoute(new URL(`http://${bare}/bare`), secret, seconds),
    ...measuring,
  ]);
  return { rows, bare: machine };
}

/** The status and how long it took, ms; 0 when nothing came. */
export function ask(
  url: URL,
  secret: string,
  agent?: Agent,
): Promise<{ readonly status: number; readonly ms: number }> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const end = (status: number) => resolve({ status, ms: performance.now() - startMs });
    const request = get(url, { agent, headers: { 'x-internal-secret': secret }, timeout: LATEST_MS }, (response) => {
      response.resume().once('end', () => end(response.statusCode ?? 0));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => end(0));
  });
}

async function measureRoute(url: URL, secret: string, seconds: number): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const latencies: number[] = [];
  const statuses = new Set<number>();
  const untilMs = performance.now() + seconds * 1_000;
  while (performance.now() < untilMs) {
    const { status, ms } = await ask(url, secret, agent);
    latencies.push(ms);
    statuses.add(status);
    await pause(Math.max(0, EVERY_MS - ms));
  }
  agent.destroy();
  latencies.sort((a, b) => a - b);
  return {
    route: url.pathname,
    count: latencies.length,
    p50: rank(latencies, 0.5),
    p99: rank(latencies, 0.99),
    max: rank(latencies, 1),
    statuses: [...statuses],
  };
}

/** By the nearest rank, one decimal. */
function rank(sorted: readonly number[], share: number): number {
  return Math.round((percentile(sorted, share) ?? 0) * 10) / 10;
}
