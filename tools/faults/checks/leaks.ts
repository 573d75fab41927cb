import type { HostResources } from '../parts/host-probe.js';
import type { HostProcess } from '../parts/host-process.js';
import type { Finding } from './finding.js';

const MORE_SOCKETS = 4;
const MORE_TIMERS = 12;
const MORE_RSS = 1.5;
const RSS_SLACK_BYTES = 64 * 1024 * 1024;

/** Did a host that lived through faults keep something of each? Compared in quiet moments. */
export function leaks(host: HostProcess, first: HostResources, last: HostResources): Finding[] {
  const faults = [
    last.sockets > first.sockets + MORE_SOCKETS && `${first.sockets} sockets became ${last.sockets}`,
    last.timers > first.timers + MORE_TIMERS && `${first.timers} timers became ${last.timers}`,
    last.rssBytes > first.rssBytes * MORE_RSS + RSS_SLACK_BYTES &&
      `${Math.round(first.rssBytes / 2 ** 20)} MiB became ${Math.round(last.rssBytes / 2 ** 20)} MiB`,
  ];
  return faults.filter((fault) => fault !== false).map((fault) => ({ kind: 'broken', text: `${host.name}: ${fault}` }));
}
