import { PROVIDER_ENTITY_KINDS, type ProviderEntityKind, type ProviderRow } from '../../../src/testing/index.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import { checkTables } from '../checks/table-check.js';
import { FIELD_MAPPING, TIMED } from '../model/field-mapping.js';
import { changed } from '../model/provider-churn.js';
import type { ChaosDatabase } from '../parts/chaos-database.js';
import { HostPair, QUICK } from '../parts/host-pair.js';
import { Findings, type Outcome } from '../parts/outcome.js';
import { isCompleteSince, runAll, untilAll } from '../parts/sync-watch.js';
import type { World } from '../parts/world.js';
import { report } from './fill.js';

const AWAY_H = 30;
const HOUR_MS = 3_600_000;
const CATCH_UP_TIMEOUT_MS = 240_000;
/** Deletions of the last minutes, and ids that are listed again. */
const BESIDE = 20;

const SET_BACK = `
  UPDATE livescore_sync_status SET
    complete_at = complete_at - $1::interval, full_at = full_at - $1::interval, started_at = started_at - $1::interval,
    finished_at = finished_at - $1::interval, heartbeat_at = heartbeat_at - $1::interval,
    tick_at = COALESCE(tick_at, now()) - $1::interval`;
const SET_BACK_ROWS = 'UPDATE livescore_sync_asked SET asked_at = asked_at - $1::interval';

/** Nobody looks for 30 hours; then the hosts start, with the schedules that they have by default. */
export async function away(world: World): Promise<Outcome> {
  const { provider, options, say } = world;
  const findings = new Findings('away');
  const database = await world.filled.copy();
  world.cleanup.add(() => database.drop());
  try {
    for (const text of [SET_BACK, SET_BACK_ROWS]) await database.rows(text, [`${AWAY_H} hours`]);
    const deleted = deleteSome(world, options.awayRows);
    const relisted = await relistSome(world, database);
    const cursors = await watermarks(database);
    const changes = changeAtCursor(world, cursors, options.awayRows);
    findings.fact('deleted', deleted);
    findings.fact('listed again', relisted);
    findings.fact('changed in the second of the cursor', changes);
    provider.requestLog.clear();
    const budget = { requestsPerSecond: 100, burst: 50 };
    const beganAtMs = await database.nowMs();
    const hosts = await HostPair.start({ ...world, scenario: 'away', database, budget, sync: QUICK });
    try {
      const names = [...PROVIDER_ENTITY_KINDS, 'deleted'];
      const open = await untilAll(database, names, (row) => isCompleteSince(row, beganAtMs), CATCH_UP_TIMEOUT_MS);
      findings.none('entities without a catch-up', open);
      // what the deletions of that time ask for follows at once, or never
      await untilAll(database, TIMED, ({ fullAtMs, running }) => !running && (fullAtMs ?? 0) >= beganAtMs, 20_000);
      const kinds = (await database.status()).filter(({ entity }) => names.includes(entity as ProviderEntityKind));
      findings.fact('kinds', Object.fromEntries(kinds.map(({ entity, kind }) => [entity, kind])));
      findings.fact('requests', provider.requestLog.total);
      report(findings, 'after the catch-up', await checkTables(database, provider));
      say('away: caught up, now changes in the second of the cursor without being away');
      await changeAgain(world, database, findings);
    } finally {
      await hosts.close();
    }
    findings.none('hosts that ended on their own', hosts.crashed);
    findings.none('errors in their logs', hosts.errors);
  } finally {
    await database.drop();
  }
  return findings.end();
}

/** The cursor alone must find them: the runs read what changed since then, and nothing else. */
async function changeAgain(world: World, database: ChaosDatabase, findings: Findings): Promise<void> {
  const changes = changeAtCursor(world, await watermarks(database), world.options.awayRows, 1_000_000);
  findings.fact('changed in the second of the cursor again', changes);
  findings.none('entities that were not run again', await runAll(database, TIMED, 'incremental', 120_000));
  report(findings, 'after an incremental run', await checkTables(database, world.provider));
}

/** Deletes so many as if `/deleted` did not tell them any more, and a few that it does. @returns how many */
function deleteSome({ provider: { entities }, options }: World, count: number): number {
  const random = new SeededRandom(options.seed + 1);
  const total = entities.size();
  let deleted = 0;
  for (const kind of PROVIDER_ENTITY_KINDS) {
    const ids = entities.ids(kind);
    const share = Math.round((count * ids.length) / total);
    const gone = some(random, ids, share);
    entities.delete(kind, gone, { atMs: Date.now() - AWAY_H * HOUR_MS + HOUR_MS });
    deleted += gone.length;
  }
  entities.delete('player', some(random, entities.ids('player'), BESIDE));
  return deleted + BESIDE;
}

/** Ids that are marked as deleted come back as they were, some values apart. @returns how many */
async function relistSome({ provider: { entities } }: World, database: ChaosDatabase): Promise<number> {
  let listed = 0;
  for (const kind of PROVIDER_ENTITY_KINDS) {
    const rows = await database.rows<{ id: string; row: Readonly<Record<string, unknown>> }>(
      `SELECT d.external_id AS id, to_jsonb(t) AS row FROM livescore_sync_deleted d
         JOIN ${FIELD_MAPPING[kind].table} t ON t.external_id = d.external_id
        WHERE d.entity = $1 AND d.listed_at IS NULL ORDER BY 1 LIMIT $2`,
      [kind, BESIDE],
    );
    for (const { id, row } of rows.filter(({ id }) => entities.get(kind, id) === null)) {
      const updatedAtS = Math.floor(Date.now() / 1_000);
      entities.put(kind, [changed(kind, entryOf(kind, id, row), 5_000_000 + ++listed, updatedAtS)]);
    }
  }
  return listed;
}

/** What the provider would say of a row. */
function entryOf(kind: ProviderEntityKind, id: string, row: Readonly<Record<string, unknown>>): ProviderRow {
  const fields = FIELD_MAPPING[kind].columns.map(({ column }): [string, unknown] => {
    const value = row[column];
    return [column, typeof value === 'boolean' ? Number(value) : (value ?? '')];
  });
  return { ...Object.fromEntries(fields), id };
}

/** Changes rows so that they say the very second in which the cursor stands. @returns how many */
function changeAtCursor(
  { provider: { entities }, options }: World,
  cursors: ReadonlyMap<string, number>,
  count: number,
  first = 0,
): number {
  const random = new SeededRandom(options.seed + 2 + first);
  const total = TIMED.reduce((sum, kind) => sum + entities.size(kind), 0);
  let nth = first;
  for (const kind of TIMED) {
    const ids = entities.ids(kind);
    const cursorS = cursors.get(kind) ?? 0;
    for (const id of some(random, ids, Math.ceil((count * ids.length) / total))) {
      const entry = entities.get(kind, id);
      if (entry) entities.put(kind, [changed(kind, entry, ++nth, cursorS)]);
    }
  }
  return nth - first;
}

async function watermarks(database: ChaosDatabase): Promise<ReadonlyMap<string, number>> {
  return new Map((await database.status()).map(({ entity, watermark }) => [entity, watermark ?? 0]));
}

function some(random: SeededRandom, ids: readonly string[], count: number): readonly string[] {
  const left = [...ids];
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(random.below(left.length), 1)[0] as string,
  );
}
