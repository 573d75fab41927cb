import { kickoffsSql } from '../../platform/score-columns.js';
import { SAME_TEXT_SCRIPT } from './long-client.js';
import type { KeptFunction, KeptTable, Manifest } from './manifest.js';
import { countSql, existsFunction, literal, quoted, rowText, tableName } from './sql-names.js';

export interface TargetTrigger {
  readonly on: string;
  readonly name: string;
  /** it fires for replicas, too: ENABLE ALWAYS */
  readonly isAlways: boolean;
}

export interface UniqueKey {
  readonly on: string;
  readonly columns: readonly string[];
}

/** What stands in the database that is restored into. */
export interface RestoreTarget {
  readonly schema: string;
  /** tables of the package: dropped, and made anew */
  readonly dropped: readonly string[];
  /** tables of the platform that stay, and are brought back row by row */
  readonly merged: readonly KeptTable[];
  /** triggers of the merged tables that must not take part */
  readonly triggers: readonly TargetTrigger[];
  /** unique keys of the merged tables beside the primary one */
  readonly uniqueKeys: readonly UniqueKey[];
  readonly hasLease: boolean;
  readonly hasJournal: boolean;
  /** although a host takes the feed into it */
  readonly forced: boolean;
}

const staged = (name: string): string => `pg_temp.${quoted(`livescore_restored_${name}`)}`;

/** The first part: one transaction, everything locked, a host refused once more, the old tables of the package gone. */
export function openingScript({ madeAt, functions }: Manifest, target: RestoreTarget): string {
  const { schema, dropped, merged, triggers, hasLease, hasJournal } = target;
  const at = (name: string) => tableName(schema, name);
  return [
    'BEGIN;',
    `SELECT pg_catalog.set_config('search_path', '', false);`,
    `SET LOCAL lock_timeout = '10s';`,
    SAME_TEXT_SCRIPT,
    ...merged.map(({ name }) => `LOCK TABLE ${at(name)} IN SHARE ROW EXCLUSIVE MODE;`),
    ...(dropped.length > 0 ? [`LOCK TABLE ${dropped.map(at).join(', ')} IN ACCESS EXCLUSIVE MODE;`] : []),
    ...(hasLease && !target.forced ? [refuseHolder(at('livescore_lease'))] : []),
    `CREATE TEMP TABLE livescore_restore_fence ON COMMIT DROP AS SELECT ${
      hasLease ? `COALESCE(max(fence), 0) AS fence FROM ${at('livescore_lease')}` : '0::bigint AS fence'
    };`,
    `CREATE TEMP TABLE livescore_restore_changed ON COMMIT DROP AS SELECT ${
      hasJournal
        ? `DISTINCT match_id FROM ${at('livescore_journal')} WHERE committed_at >= ${literal(madeAt)}::timestamptz - interval '1 minute'`
        : 'NULL::varchar AS match_id WHERE false'
    };`,
    ...triggers.map(({ on, name }) => `ALTER TABLE ${at(on)} DISABLE TRIGGER ${quoted(name)};`),
    ...(dropped.length > 0 ? [`DROP TABLE ${dropped.map(at).join(', ')};`] : []),
    'SET check_function_bodies = off;',
    ...functions.map(missingFunction),
    '',
  ].join('\n');
}

function refuseHolder(lease: string): string {
  return raiseWhen(
    `EXISTS (SELECT FROM ${lease} WHERE name = 'ingest' AND expires_at > pg_catalog.clock_timestamp())`,
    'a host took the feed meanwhile: stop it first',
  );
}

/** One that is there stays: it may be newer, or belong to somebody else. */
function missingFunction({ signature, definition }: KeptFunction): string {
  return `DO $livescore_restore$ BEGIN
IF NOT (pg_catalog.${existsFunction(signature)}) THEN EXECUTE ${literal(definition)}; END IF;
END $livescore_restore$;`;
}

function raiseWhen(condition: string, message: string): string {
  return `DO $livescore_restore$ BEGIN
IF ${condition} THEN RAISE EXCEPTION '%', ${literal(message)}; END IF;
END $livescore_restore$;`;
}

/** Where the rows of a merged table go first. */
export function stagingScript(schema: string, { name, columns }: KeptTable): string {
  const list = columns.map(quoted).join(', ');
  return `CREATE TEMP TABLE ${quoted(`livescore_restored_${name}`)} ON COMMIT DROP AS SELECT ${list} FROM ${tableName(schema, name)} WITH NO DATA;\n`;
}

export const copyInto = ({ name, columns }: KeptTable): string =>
  `COPY ${staged(name)} (${columns.map(quoted).join(', ')}) FROM stdin;\n`;

/** Rows that differ are written, missing ones made; rows that came since stay. */
export function mergeScript({ schema, uniqueKeys }: RestoreTarget, table: KeptTable): string {
  const { name, columns, primaryKey } = table;
  const into = tableName(schema, name);
  const list = columns.map(quoted).join(', ');
  const keys = primaryKey.map(quoted).join(', ');
  const isSame = primaryKey.map((key) => `t.${quoted(key)} = s.${quoted(key)}`).join(' AND ');
  const changed = columns.filter((column) => !primaryKey.includes(column)).map(quoted);
  const sets = changed.map((column) => `${column} = EXCLUDED.${column}`).join(', ');
  const isOther = `${rowText(columns, 't')} IS DISTINCT FROM ${rowText(columns, 's')}`;
  return [
    `CREATE UNIQUE INDEX ON ${staged(name)} (${keys});`,
    `ANALYZE ${staged(name)};`,
    verified(staged(name), table),
    ...uniqueKeys.filter(({ on }) => on === name).map(({ columns: unique }) => refuseMadeAgain(into, table, unique)),
    `WITH written AS (
INSERT INTO ${into} AS w (${list}) OVERRIDING SYSTEM VALUE
SELECT ${columns.map((column) => `s.${quoted(column)}`).join(', ')} FROM ${staged(name)} s
LEFT JOIN ${into} t ON ${isSame} WHERE t.${quoted(primaryKey[0] ?? '')} IS NULL OR ${isOther}
ON CONFLICT (${keys}) DO ${sets === '' ? 'NOTHING' : `UPDATE SET ${sets}`} RETURNING 1)
SELECT 'result', ${literal(name)}, pg_catalog.count(*),
  (SELECT pg_catalog.count(*) FROM ${into} t WHERE NOT EXISTS (SELECT FROM ${staged(name)} s WHERE ${isSame})) FROM written;`,
    raiseWhen(
      `EXISTS (SELECT FROM ${staged(name)} s LEFT JOIN ${into} t ON ${isSame} WHERE ${isOther})`,
      `${name} is not what it was in the backup: nothing was changed`,
    ),
    '',
  ].join('\n');
}

/** A row that was deleted and made again since the backup has another primary key: both cannot stay. */
function refuseMadeAgain(into: string, { name, primaryKey }: KeptTable, unique: readonly string[]): string {
  const equal = (keys: readonly string[]) => keys.map((key) => `t.${quoted(key)} = s.${quoted(key)}`).join(' AND ');
  const shown = `pg_catalog.concat_ws(', ', ${unique.map((column) => `t.${quoted(column)}`).join(', ')})`;
  const [key, primary] = [unique.join(', '), primaryKey.join(', ')];
  const begin = literal(`${name} holds a row that was deleted and made again since the backup: ${key} `);
  const hint = ` has another ${primary} there. Delete such rows, or let them take the ${primary} of the backup: nothing was changed`;
  return `DO $livescore_restore$ DECLARE made_again text; BEGIN
SELECT ${shown} INTO made_again FROM ${staged(name)} s JOIN ${into} t ON ${equal(unique)} AND NOT (${equal(primaryKey)}) LIMIT 1;
IF made_again IS NOT NULL THEN RAISE EXCEPTION '%', ${begin} || made_again || ${literal(hint)}; END IF;
END $livescore_restore$;`;
}

/** Count and checksum of a table, or the transaction ends. */
function verified(from: string, { name, columns, rows, checksum }: KeptTable): string {
  return raiseWhen(
    `(SELECT ROW(f.rows, f.checksum) <> ROW(${literal(String(rows))}, ${literal(checksum)}) FROM (${countSql(from, columns)}) f)`,
    `${name} is not what it was in the backup: nothing was changed`,
  );
}

/** The last part: what came back is compared with the manifest, then made fit for hosts that start on it. */
export function closingScript(manifest: Manifest, target: RestoreTarget): string {
  const { schema, merged, triggers } = target;
  const at = (name: string) => tableName(schema, name);
  const made = manifest.tables.filter(({ name }) => !merged.some((table) => table.name === name));
  const has = (name: string) => manifest.tables.some((table) => table.name === name);
  return [
    SAME_TEXT_SCRIPT,
    ...made.map((table) => verified(`ONLY ${at(table.name)}`, table)),
    ...(has('livescore_lease') ? [freeLease(at('livescore_lease'))] : []),
    ...(has('livescore_journal') ? [newEpochs(manifest.madeAt, at('livescore_journal'), at('ts_matches'))] : []),
    'SET CONSTRAINTS ALL IMMEDIATE;',
    ...triggers.map(
      ({ on, name, isAlways }) => `ALTER TABLE ${at(on)} ENABLE ${isAlways ? 'ALWAYS ' : ''}TRIGGER ${quoted(name)};`,
    ),
    ...manifest.tables.map(({ name }) => `ANALYZE ${at(name)};`),
    'COMMIT;',
    `SELECT 'result', 'committed', 1, 0;`,
    '',
  ].join('\n');
}

/** Nobody holds it, and whoever held it since the backup can write no more: its fence is behind. */
function freeLease(lease: string): string {
  return `UPDATE ${lease} SET expires_at = '-infinity',
  fence = GREATEST(fence, (SELECT fence FROM pg_temp.livescore_restore_fence)) + 1000;`;
}

/** Seconds from here on count epochs: a second restore of the same backup is later than whatever came after the first. */
const EPOCHS_FROM = `'2026-01-01T00:00:00Z'::timestamptz`;
/** A match may have been changed since the backup if it was then younger than this, or ended later. */
const YOUNG = `interval '3 days'`;

/**
 * Clients know versions that were committed after the backup. The row has an earlier one now, and the next change would make
 * one of theirs again, with another content: so the history of each match that may have moved on starts a new epoch, by a row
 * of the journal that repeats its newest one. Versions stay as they were.
 */
function newEpochs(madeAt: string, journal: string, matches: string): string {
  const since = `${literal(madeAt)}::timestamptz - ${YOUNG}`;
  return `WITH meant AS (
  SELECT m.*, last.epoch AS last_epoch, last.version AS last_version, last.source AS last_source, last.after AS last_after,
    last.provider_time AS last_provider_time, last.received_at AS last_received_at, last.settled_at AS last_settled_at
  FROM ${matches} m LEFT JOIN LATERAL (
    SELECT * FROM ${journal} j WHERE j.match_id = m.external_id ORDER BY j.epoch DESC, j.version DESC LIMIT 1) last ON true
  WHERE m.external_id IS NOT NULL AND (
    (m.match_time >= extract(epoch FROM ${since}) AND m.match_time <= extract(epoch FROM now() + interval '1 day'))
    OR m.status_id IN (2, 3, 4, 5, 7, 9, 10) OR last.committed_at >= ${since}
    OR m.external_id IN (SELECT match_id FROM pg_temp.livescore_restore_changed))
), marked AS (
  INSERT INTO ${journal} (match_id, epoch, version, source, before, after, provider_time, received_at, settled_at, catch_up)
  SELECT external_id, GREATEST(COALESCE(last_epoch, 0) + 1, extract(epoch FROM now() - ${EPOCHS_FROM})::integer), score_version,
    CASE WHEN last_version = score_version THEN last_source ELSE 'foreign' END, state, state,
    last_provider_time, last_received_at, last_settled_at, true
  FROM (SELECT *, CASE WHEN last_version = score_version THEN last_after ELSE jsonb_build_object('status', status_id::integer,
      'home', home_scores, 'away', away_scores, 'kickoffs', ${kickoffsSql('m')}) END AS state FROM meant m) m
  RETURNING 1)
SELECT 'result', 'epochs', pg_catalog.count(*), 0 FROM marked;`;
}
