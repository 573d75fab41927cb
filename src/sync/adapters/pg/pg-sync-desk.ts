import { Injectable, Optional } from '@nestjs/common';
import { FEATURE_MODES } from '../../../kernel/feature-mode.js';
import { Database, ReadDatabase, type Statement } from '../../../postgres/database.js';
import { entitiesOf, listsOf } from '../../entity/entity-names.js';
import {
  SyncDesk,
  type SyncOverview,
  type SyncRow,
  type Wish,
  type WishKind,
  type WishMoment,
} from '../../ports/sync-desk.js';

const OVERVIEW: Statement = {
  name: 'livescore_sync_desk_overview',
  text: `
SELECT (SELECT v.value FROM livescore_setting v WHERE v.name = 'sync_mode') AS mode,
  (SELECT array_agg(s.entity ORDER BY s.entity) FROM livescore_sync_status s) AS names`,
};

const msOf = (column: string) => `(extract(epoch FROM s.${column}) * 1000)::float8`;

const ROWS: Statement = {
  name: 'livescore_sync_desk_rows',
  text: `
SELECT s.entity, s.run_id::text AS run_id, s.kind, s.runner, s.page, s.verdict, s.error, s.wanted, s.wanted_by, s.diff,
  s.seen::float8 AS seen, s.added::float8 AS added, s.changed::float8 AS changed, s.refused::float8 AS refused,
  s.deleted::float8 AS deleted, s.watermark::float8 AS watermark, ${msOf('started_at')} AS started,
  ${msOf('heartbeat_at')} AS heartbeat, ${msOf('finished_at')} AS finished, ${msOf('complete_at')} AS completed,
  ${msOf('full_at')} AS full_run, ${msOf('wanted_at')} AS wished,
  (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
  (SELECT v.value FROM livescore_setting v WHERE v.name = ('sync.' || s.entity || '.enabled')) AS enabled
FROM livescore_sync_status s WHERE s.entity = ANY($1::text[]) ORDER BY s.entity`,
};

/** A wish that nobody took for that long is nobody's any more. */
const ABANDONED_AFTER = `interval '10 seconds'`;

const UPSERT = `ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, changed_by = EXCLUDED.changed_by,
  reason = EXCLUDED.reason, changed_at = now()`;

const ASK: Statement = {
  name: 'livescore_sync_desk_ask',
  text: `
WITH asked AS (
  UPDATE livescore_sync_status s SET wanted = $2::text, wanted_at = clock_timestamp(), wanted_by = $3::text
  WHERE (s.entity = $1::text) AND ($4::boolean OR ((s.run_id IS NULL)
    AND ((s.wanted IS NULL) OR (s.wanted_at < (clock_timestamp() - ${ABANDONED_AFTER})))))
  RETURNING ${msOf('wanted_at')} AS wished
), accepted AS (
  INSERT INTO livescore_setting (name, value, changed_by, reason)
  SELECT 'sync.' || $1::text || '.accept_deletions', 'true', $3::text, $5::text FROM asked WHERE $6::boolean
  ${UPSERT}
)
SELECT wished FROM asked`,
};

const TAKE_BACK: Statement = {
  name: 'livescore_sync_desk_take_back',
  text: `
WITH back AS (
  UPDATE livescore_sync_status s SET wanted = NULL, wanted_at = NULL, wanted_by = NULL
  WHERE (s.entity = $1::text) AND (s.wanted IS NOT NULL) AND (abs(${msOf('wanted_at')} - $2::float8) < 0.01)
  RETURNING s.entity
), refused AS (
  UPDATE livescore_setting v SET value = 'false', changed_by = $3::text, changed_at = now(), reason = 'taken back'
  FROM back WHERE (v.name = ('sync.' || back.entity || '.accept_deletions')) AND (v.value = 'true')
)
SELECT entity FROM back`,
};

interface Stored {
  readonly entity: string;
  readonly run_id: string | null;
  readonly kind: WishKind | null;
  readonly runner: string | null;
  readonly page: number;
  readonly verdict: SyncRow['verdict'];
  readonly error: string | null;
  readonly wanted: WishKind | null;
  readonly wanted_by: string | null;
  readonly diff: unknown;
  readonly seen: number;
  readonly added: number;
  readonly changed: number;
  readonly refused: number;
  readonly deleted: number;
  readonly watermark: number | null;
  readonly started: number | null;
  readonly heartbeat: number | null;
  readonly finished: number | null;
  readonly completed: number | null;
  readonly full_run: number | null;
  readonly wished: number | null;
  readonly now: number;
  readonly enabled: string | null;
}

/** `livescore_sync_status` as operators use it. Every moment is the database's. */
@Injectable()
export class PgSyncDesk extends SyncDesk {
  private readonly reads: Database;

  /** @param reads connections of those who only read, where there are some: no writer waits for a list */
  constructor(
    private readonly database: Database,
    @Optional() reads?: ReadDatabase,
  ) {
    super();
    this.reads = reads ?? database;
  }

  override async overview(): Promise<SyncOverview> {
    const [row] = await this.reads.query<{ mode: string | null; names: string[] | null }>(OVERVIEW, []);
    const names = row?.names ?? [];
    const mode = FEATURE_MODES.find((known) => known === row?.mode) ?? null;
    return { mode, names, entities: entitiesOf(names), lists: listsOf(names) };
  }

  override async rows(names: readonly string[]): Promise<readonly SyncRow[]> {
    return (await this.reads.query<Stored>(ROWS, [names])).map(toRow);
  }

  override async ask(
    name: string,
    { kind, by, reason, acceptsDeletions }: Wish,
    moment: WishMoment,
  ): Promise<number | null> {
    const values = [name, kind, by, moment === 'at-once', reason, acceptsDeletions];
    return (await this.database.query<{ wished: number }>(ASK, values))[0]?.wished ?? null;
  }

  override async takeBack(name: string, wishedAtMs: number, by: string): Promise<boolean> {
    return (await this.database.query(TAKE_BACK, [name, wishedAtMs, by])).length > 0;
  }
}

function toRow(stored: Stored): SyncRow {
  const { entity, kind, runner, page, verdict, error, wanted, diff, watermark } = stored;
  const { seen, added, changed, refused, deleted } = stored;
  return {
    entity,
    runId: stored.run_id,
    kind,
    runner,
    startedAtMs: stored.started,
    heartbeatAtMs: stored.heartbeat,
    page,
    counts: { seen, added, changed, refused, deleted },
    verdict,
    error,
    finishedAtMs: stored.finished,
    completeAtMs: stored.completed,
    fullAtMs: stored.full_run,
    watermark,
    wanted,
    wantedAtMs: stored.wished,
    wantedBy: stored.wanted_by,
    diff,
    enabled: stored.enabled === null ? null : stored.enabled === 'true',
    nowMs: stored.now,
  };
}
