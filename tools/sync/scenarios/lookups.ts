import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import { busiestWindows } from '../checks/request-check.js';
import { listRequests } from '../model/provider-faults.js';
import { startProvider } from '../model/provider-world.js';
import { ChaosDatabase } from '../parts/chaos-database.js';
import { HostPair, QUICK, UNSCHEDULED } from '../parts/host-pair.js';
import { Findings, type Outcome } from '../parts/outcome.js';
import type { World } from '../parts/world.js';

const BUDGET = { requestsPerSecond: 1, burst: 5 };
const LONGEST_WAIT_MS = 2_000;
/** more than can be read meanwhile */
const ROWS = 100_000;
const SETTLE_MS = 5_000;
const PAUSE_MS = { least: 1_000, more: 3_000 };

/** The budget of the provider as it is, all of it used by the catalogue; and now and then somebody needs the live matches. */
export async function lookups(world: World): Promise<Outcome> {
  const { options } = world;
  const findings = new Findings('lookups');
  const provider = await startProvider(ROWS, options.seed);
  const database = await ChaosDatabase.create();
  world.cleanup.add(() => database.drop());
  const random = new SeededRandom(options.seed);
  const waits: number[] = [];
  try {
    const hosts = await HostPair.start({
      ...world,
      scenario: 'lookups',
      database,
      provider,
      budget: BUDGET,
      sync: { ...QUICK, jobs: UNSCHEDULED },
    });
    try {
      await sleep(SETTLE_MS);
      const before = listRequests(provider);
      const beganMs = performance.now();
      while (performance.now() - beganMs < options.lookupS * 1_000) {
        const { tookMs, error } = await hosts.askLive(waits.length % 2);
        waits.push(Math.round(tookMs));
        findings.expect(error === null, `a lookup had no answer: ${error}`);
        await sleep(PAUSE_MS.least + random.below(PAUSE_MS.more));
      }
      const listsPerS = (listRequests(provider) - before) / ((performance.now() - beganMs) / 1_000);
      findings.fact('catalogue requests per second', Number(listsPerS.toFixed(2)));
      // one turn of five is the catalogue's; a short phase may begin and end between two
      findings.expect(listsPerS >= 0.1, 'the catalogue stood still meanwhile');
    } finally {
      await hosts.close();
    }
  } finally {
    await provider.close();
    await database.drop();
  }
  const longestMs = Math.max(...waits);
  findings.fact('lookups', waits.length);
  findings.fact('longest wait ms', longestMs);
  findings.expect(longestMs <= LONGEST_WAIT_MS, `a lookup waited ${longestMs} ms, allowed are ${LONGEST_WAIT_MS}`);
  for (const { seconds, most, allowed } of busiestWindows(provider, BUDGET)) {
    findings.fact(`requests in ${seconds} s`, `${most}/${allowed}`);
    findings.expect(most <= allowed, `${most} requests within ${seconds} s, allowed are ${allowed}`);
  }
  return findings.end();
}
