import { afterAll, beforeAll } from '@jest/globals';
import { eventually } from './eventually.js';

const WATCHED = ['TCPSocketWrap', 'TCPServerWrap', 'Timeout'] as const;

/**
 * Call at the top level of a spec file: the spec fails when it ends with more sockets, servers or running timers than
 * it began with (they get 10 s to close). The spec's own afterAll hooks belong inside its describe blocks: top-level ones
 * defined later run after this check.
 */
export function guardAgainstLeaks(): void {
  let before = new Map<string, number>();
  beforeAll(() => {
    before = countResources();
  });
  afterAll(async () => {
    const leaked = () => [...countResources()].filter(([type, count]) => count > (before.get(type) ?? 0));
    await eventually(() => leaked().length === 0, { timeoutMs: 10_000, what: 'sockets and timers to close' }).catch(
      (cause) => {
        throw new Error(`Left open by this spec (type, count): ${JSON.stringify(leaked())}`, { cause });
      },
    );
  });
}

function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    if (WATCHED.some((watched) => watched === type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
