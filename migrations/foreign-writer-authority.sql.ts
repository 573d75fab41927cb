import { type Columns, KEPT_ALONG, present, snapshot, WATCHED } from './foreign-writer.sql.js';

export const AUTHORITIES_SETTING = 'foreign_writer_authorities';
export const DEFAULT_AUTHORITIES = ['api_force_refresh', 'api_manual_refresh'];

/** What a refused statement said beside score, status and kick-offs: it was said of the state that was refused. */
const KEPT_TOO = [
  'ended',
  'minute',
  'minute_source',
  'minute_timestamp',
  'last_minute_update_ts',
  'last_update_source',
];

/** A field, the columns that say who set it and when, and the columns whose change is a change of it. */
const SIGNED_FIELDS = [
  { mark: 'status_id', values: ['status_id'] },
  ...['home', 'away'].map((side) => ({
    mark: `${side}_score`,
    values: WATCHED.filter((column) => column.startsWith(`${side}_score`)),
  })),
];

/**
 * The function of the trigger. An authority is a transaction with `SET LOCAL livescore.writer = 'admin'`, or a statement
 * that stamps one of the sources named in `livescore_setting`; the source `admin` alone is none. What an authority writes
 * is signed `admin`, so that its stamp counts once and not for whoever writes after it. An error inside never undoes a
 * decision made before it, and never fails the foreign statement.
 */
export function authorityFunctionSql(schema: string, fn: string, columns: Columns): string {
  const state = (row: 'OLD' | 'NEW') => snapshot(row, columns);
  return `
CREATE OR REPLACE FUNCTION ${schema}.${fn}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $livescore$
DECLARE
  mode text;
  names jsonb;
  by_authority boolean;
  kept record;
BEGIN
  kept := NEW;
  BEGIN
    SELECT value INTO mode FROM ${schema}.livescore_setting WHERE name = 'foreign_writer_mode';
    IF mode IS NULL OR mode NOT IN ('observe', 'protect') THEN
      RETURN NEW;
    END IF;
    SELECT value::jsonb INTO names FROM ${schema}.livescore_setting
      WHERE name = '${AUTHORITIES_SETTING}' AND value LIKE '[%]';
    names := COALESCE(names, '${JSON.stringify(DEFAULT_AUTHORITIES)}'::jsonb);
    by_authority := (${isAuthority(columns)});
    IF mode = 'protect' AND clock_timestamp() < OLD.score_protected_until AND NOT by_authority THEN
      ${present([...WATCHED, ...KEPT_ALONG, ...KEPT_TOO], columns)
        .map((column) => `kept.${column} := OLD.${column};`)
        .join('\n      ')}
      IF OLD.external_id IS NOT NULL THEN
        INSERT INTO ${schema}.livescore_foreign_write (match_id, version, mode, result, before, offered)
        VALUES (OLD.external_id, OLD.score_version, mode, 'held-off', ${state('OLD')}, ${state('NEW')});
      END IF;
      RETURN kept;
    END IF;
    kept.score_version := OLD.score_version + 1;
    IF by_authority THEN
      ${sign(columns).join('\n      ')}
    END IF;
    IF NEW.external_id IS NOT NULL THEN
      INSERT INTO ${schema}.livescore_journal
        (match_id, epoch, version, source, before, after, provider_time, received_at)
      VALUES (
        NEW.external_id,
        COALESCE((SELECT max(epoch) FROM ${schema}.livescore_journal WHERE match_id = NEW.external_id), 0),
        kept.score_version,
        'foreign',
        ${state('OLD')},
        CASE WHEN by_authority THEN ${state('NEW')} || '{"authority":true}'::jsonb ELSE ${state('NEW')} END,
        ${columns.has('provider_update_time') ? 'NEW.provider_update_time' : 'NULL'},
        clock_timestamp())
      ON CONFLICT (match_id, epoch, version) DO NOTHING;
      INSERT INTO ${schema}.livescore_foreign_write (match_id, version, mode, result, before)
      VALUES (NEW.external_id, kept.score_version, mode, CASE WHEN by_authority THEN 'admin' ELSE 'passed' END,
        ${state('OLD')});
    END IF;
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'livescore: a foreign write of match % went unnoticed: % (%)', NEW.external_id, SQLERRM, SQLSTATE;
  END;
  RETURN kept;
END
$livescore$`;
}

/** A stamp that was there before counts when its time is new. */
function isAuthority(columns: Columns): string {
  const stamps = SIGNED_FIELDS.filter(({ mark }) => columns.has(`${mark}_source`)).map(({ mark }) => {
    const changed = present([`${mark}_source`, `${mark}_timestamp`], columns)
      .map(isChanged)
      .join(' OR ');
    return `(COALESCE(names ? NEW.${mark}_source::text, false) AND (${changed}))`;
  });
  const writer = present(['last_update_source'], columns).map(
    (column) => `(COALESCE(names ? NEW.${column}::text, false) AND ${isChanged(column)})`,
  );
  const setting = `current_setting('livescore.writer', true) IS NOT DISTINCT FROM 'admin'`;
  return [setting, ...stamps, ...writer].join('\n      OR ');
}

function sign(columns: Columns): readonly string[] {
  const fields = SIGNED_FIELDS.filter(({ mark }) => columns.has(`${mark}_source`)).map(({ mark, values }) => {
    const changed = present(values, columns).map(isChanged).join(' OR ');
    const at = `${mark}_timestamp`;
    const time = columns.has(at)
      ? ` IF NOT (${isChanged(at)}) THEN kept.${at} := floor(extract(epoch FROM clock_timestamp()))::bigint; END IF;`
      : '';
    return `IF ${changed} THEN kept.${mark}_source := 'admin';${time} END IF;`;
  });
  const writer = present(['last_update_source'], columns).map(
    (column) => `IF COALESCE(names ? NEW.${column}::text, false) THEN kept.${column} := 'admin'; END IF;`,
  );
  return [...fields, ...writer];
}

const isChanged = (column: string): string => `OLD.${column} IS DISTINCT FROM NEW.${column}`;
