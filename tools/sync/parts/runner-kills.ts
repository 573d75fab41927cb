import { setTimeout as sleep } from 'node:timers/promises';
import { PROVIDER_ENTITY_KINDS, PROVIDER_ENTITY_LISTS, type ProviderStandIn } from '../../../src/testing/index.js';
import { hangOnce, listRequests } from '../model/provider-faults.js';
import type { ChaosDatabase, StatusRow } from './chaos-database.js';
import type { HostPair } from './host-pair.js';
import { isEverComplete, TWELVE } from './sync-watch.js';

const LOOK_EVERY_MS = 20;
const LONGEST = 'player';
const PAGE_ROWS = 500;
const RESTART_AFTER_MS = 1_500;
/** A request that was not answered for so long will not be. */
const HANGS_AFTER_MS = 200;

export interface RunnerKills {
  readonly provider: ProviderStandIn;
  readonly database: ChaosDatabase;
  readonly hosts: HostPair;
  readonly kills: number;
  /** requests for pages that all lists take at least */
  readonly pages: number;
  readonly say: (text: string) => void;
}

/**
 * Kills whichever host runs a list, each time when so many pages more were asked for, and starts it again: every second one
 * while it waits for a page that never comes, the last one halfway through the longest list.
 * @returns how many it was; fewer than wanted when everything was complete before
 */
export async function killRunners(wanted: RunnerKills): Promise<number> {
  const { provider, hosts, kills, pages, say } = wanted;
  for (let kill = 1; kill <= kills; kill++) {
    const from = (pages * kill) / (kills + 1);
    const hangs = kill % 2 === 0;
    await enoughPages(wanted, from);
    const release = hangs && kill < kills ? hangOnce(provider) : () => undefined;
    const killed = await killOne(wanted, (row) => {
      if (kill === kills) return isHalfway(provider, row);
      return !hangs || hangingEntity(provider) === row.entity;
    });
    release();
    if (killed === null) return kill - 1;
    say(`host ${killed.instance} is killed at page ${killed.page} of ${killed.entity}`);
    await sleep(RESTART_AFTER_MS);
    await hosts.startOne(killed.instance);
  }
  return kills;
}

async function enoughPages({ provider, database }: RunnerKills, pages: number): Promise<void> {
  while (listRequests(provider) < pages && !(await isOver(database))) await sleep(LOOK_EVERY_MS);
}

async function isOver(database: ChaosDatabase): Promise<boolean> {
  const rows = (await database.status()).filter(({ entity }) => TWELVE.includes(entity));
  return rows.length === TWELVE.length && rows.every(isEverComplete);
}

/** @returns null when everything is complete before */
async function killOne({ database, hosts }: RunnerKills, isTime: (row: StatusRow) => boolean) {
  for (;;) {
    const rows = (await database.status()).filter(({ entity }) => TWELVE.includes(entity));
    for (const row of rows) {
      const instance = row.running && row.pid !== null && isTime(row) ? await hosts.kill(row.pid) : null;
      if (instance !== null) return { instance, entity: row.entity, page: row.page };
    }
    if (await isOver(database)) return null;
    await sleep(LOOK_EVERY_MS);
  }
}

function isHalfway({ entities }: ProviderStandIn, { entity, page }: StatusRow): boolean {
  return entity === LONGEST && page > entities.size(LONGEST) / PAGE_ROWS / 2;
}

function hangingEntity({ requestLog }: ProviderStandIn): string | undefined {
  const nowMs = Date.now();
  return PROVIDER_ENTITY_KINDS.find((kind) => {
    const last = requestLog.entries(PROVIDER_ENTITY_LISTS[kind]).at(-1);
    return last && last.status === null && nowMs - last.atMs >= HANGS_AFTER_MS;
  });
}
