import type { HostProcess } from '../parts/host-process.js';
import type { Finding } from './finding.js';

const METRIC = /^livescore_updates_unaccounted(?:\{[^}]*\})? (\S+)$/m;

/** The host's own books: every update has one fate or is in flight. */
export async function unbalancedBooks(host: HostProcess): Promise<Finding[]> {
  const text = await (await host.get('/metrics')).text();
  const unaccounted = METRIC.exec(text)?.[1];
  if (unaccounted === undefined) return [{ kind: 'broken', text: `${host.name} has no livescore_updates_unaccounted` }];
  return Number(unaccounted) === 0 ? [] : [{ kind: 'unaccounted', text: `${host.name}: ${unaccounted} unaccounted` }];
}
