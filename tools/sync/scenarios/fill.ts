import { setTimeout as sleep } from 'node:timers/promises';
import { PROVIDER_ENTITY_KINDS, type ProviderEntityKind } from '../../../src/testing/index.js';
import { busiestWindows } from '../checks/request-check.js';
import { checkTables, type TableFindings } from '../checks/table-check.js';
import { ProviderChurn } from '../model/provider-churn.js';
import { armFaults } from '../model/provider-faults.js';
import { HostPair, type HostPlace, QUICK, UNSCHEDULED } from '../parts/host-pair.js';
import { Findings, type Outcome } from '../parts/outcome.js';
import { killRunners } from '../parts/runner-kills.js';
import { isEverComplete, runAll, TWELVE, untilAll } from '../parts/sync-watch.js';
import type { World } from '../parts/world.js';

const MOST_RSS_OVER_IDLE_MB = 150;
const PAGE_ROWS = 500;
const CHURN_EVERY_MS = 300;
const SHIFTS = 10;

/** Two hosts fill empty tables from a provider that fails in every way, while whichever of them runs is killed. */
export async function fill(world: World): Promise<Outcome> {
  const { options, provider, filled } = world;
  const findings = new Findings('fill');
  const place: HostPlace = {
    ...world,
    scenario: 'fill',
    database: filled,
    budget: options.budget,
    sync: { ...QUICK, jobs: UNSCHEDULED },
  };
  const idleMb = await idleRssMb(place, options.idleS);
  const before = new Map(PROVIDER_ENTITY_KINDS.map((kind) => [kind, new Set(provider.entities.ids(kind))]));
  const beganS = Math.floor(Date.now() / 1_000);
  armFaults(provider, options.seed, SHIFTS);
  const churn = new ProviderChurn(provider, options.seed, CHURN_EVERY_MS);
  const hosts = await HostPair.start(place);
  try {
    const pages = options.rows / PAGE_ROWS;
    const say = (text: string) => world.say(`fill: ${text}`);
    const kills = await killRunners({ provider, database: filled, hosts, kills: options.kills, pages, say });
    findings.expect(kills === options.kills, `${kills} of ${options.kills} kills: the run was over before`);
    findings.fact('kills', kills);
    say('the kills are over, the lists go on');
    const timeoutMs = 120_000 + options.rows * 3;
    const open = await untilAll(filled, TWELVE, isEverComplete, timeoutMs);
    findings.none('entities that were never complete', open);
    churn.stop();
    provider.faults.clear();
    findings.fact('faults', provider.faults.count());
    findings.fact('churn', churn.changes);
    // what did not change while it was read is right without another run
    const untouched = (kind: ProviderEntityKind, id: string) => {
      const entry = provider.entities.get(kind, id);
      return before.get(kind)?.has(id) === true && entry !== null && Number(entry.updated_at) < beganS;
    };
    report(findings, 'after the first complete runs', await checkTables(filled, provider, untouched));
    const late = await runAll(filled, [...TWELVE, 'deleted'], 'incremental', 120_000);
    findings.none('entities without a complete run afterwards', late);
  } finally {
    churn.stop();
    provider.faults.clear();
    await hosts.close();
  }
  report(findings, 'at the end', await checkTables(filled, provider));
  findings.none('hosts that ended on their own', hosts.crashed);
  findings.none('errors in their logs', hosts.errors);
  findings.fact('requests', provider.requestLog.total);
  const windows = busiestWindows(provider, options.budget);
  findings.fact(
    'busiest',
    windows.map(({ seconds, most, allowed }) => `${most}/${allowed} in ${seconds} s`).join(', '),
  );
  for (const { seconds, most, allowed } of windows) {
    findings.expect(most <= allowed, `${most} requests within ${seconds} s, allowed are ${allowed}`);
  }
  findings.fact('rss', { idleMb, peakMb: hosts.peakRssMb, overMb: hosts.peakRssMb - idleMb });
  const overMb = hosts.peakRssMb - idleMb;
  findings.expect(
    overMb <= MOST_RSS_OVER_IDLE_MB,
    `${overMb} MB over the idle host, allowed are ${MOST_RSS_OVER_IDLE_MB}`,
  );
  return findings.end();
}

/** The same without anything that goes wrong, for scenarios that need full tables only. */
export async function fillQuietly(world: World): Promise<void> {
  const place: HostPlace = {
    ...world,
    scenario: 'fill',
    database: world.filled,
    budget: { requestsPerSecond: 100, burst: 100 },
    sync: { ...QUICK, jobs: UNSCHEDULED },
  };
  const hosts = await HostPair.start(place);
  try {
    const open = await untilAll(world.filled, TWELVE, isEverComplete, 600_000);
    if (open.length > 0) throw new Error(`Never complete: ${open.join(', ')}`);
    await runAll(world.filled, TWELVE, 'incremental', 120_000);
  } finally {
    await hosts.close();
  }
}

export function report(findings: Findings, when: string, found: TableFindings): void {
  findings.fact(`rows compared ${when}`, found.compared);
  findings.none(`rows missing ${when}`, found.missing);
  findings.none(`values wrong ${when}`, found.wrong);
  findings.none(`ghosts ${when}`, found.ghosts);
  findings.none(`false marks ${when}`, found.falseMarks);
}

/** Of a host that keeps nothing, at the end of that time. */
async function idleRssMb(place: HostPlace, idleS: number): Promise<number> {
  const idle = await HostPair.start({ ...place, scenario: 'idle', sync: { mode: 'off' } }, 1);
  await sleep(idleS * 1_000);
  const idleMb = idle.rssMb(0) ?? Number.NaN;
  await idle.close();
  return Math.round(idleMb);
}
