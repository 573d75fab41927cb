import { PlatformTableMissingError } from './migration.errors.js';

export type Columns = ReadonlyMap<string, string>;

export const REQUIRED = ['external_id', 'status_id', 'home_scores', 'away_scores'];

/** A change of one of these is a change of score, status or kick-offs. */
export const WATCHED = [
  'status_id',
  'home_scores',
  'away_scores',
  'home_score_display',
  'away_score_display',
  'home_score_regular',
  'away_score_regular',
  'home_score_overtime',
  'away_score_overtime',
  'home_score_penalties',
  'away_score_penalties',
  'first_half_kickoff_ts',
  'second_half_kickoff_ts',
  'overtime_kickoff_ts',
];

/** What belongs to a watched value and stays with it when the value is kept: counters, provenance, provider time. */
export const KEPT_ALONG = [
  'home_red_cards',
  'away_red_cards',
  'home_yellow_cards',
  'away_yellow_cards',
  'home_corners',
  'away_corners',
  'home_score_source',
  'home_score_timestamp',
  'away_score_source',
  'away_score_timestamp',
  'status_id_source',
  'status_id_timestamp',
  'provider_update_time',
];

/** An admin write names itself by stamping one of these sources. */
const ADMIN_MARKS = ['status_id', 'home_score', 'away_score'];

/**
 * The trigger calls the function only for a statement that is not ours (ours change `score_version`) and changes a
 * watched value: every other update pays for a few comparisons. PostgreSQL refuses to drop or retype a watched column
 * while the trigger exists.
 */
export function foreignWriterTriggerSql(schema: string, trigger: string, fn: string, columns: Columns): string {
  const changed = present(WATCHED, columns).map((column) => `OLD.${column} IS DISTINCT FROM NEW.${column}`);
  return `
CREATE TRIGGER ${trigger} BEFORE UPDATE ON ${schema}.ts_matches FOR EACH ROW
  WHEN (OLD.score_version = NEW.score_version AND (${changed.join('\n    OR ')}))
  EXECUTE FUNCTION ${schema}.${fn}()`;
}

/**
 * Runs with the rights of its owner, since foreign writers have none on our tables. An error inside is reported as a
 * warning of the server and never fails the foreign statement.
 */
export function foreignWriterFunctionSql(schema: string, fn: string, columns: Columns): string {
  const missing = REQUIRED.find((column) => !columns.has(column));
  if (missing) throw new PlatformTableMissingError(`Column ts_matches.${missing}`);
  return `
CREATE OR REPLACE FUNCTION ${schema}.${fn}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $livescore$
DECLARE
  mode text;
  kept record;
BEGIN
  BEGIN
    SELECT value INTO mode FROM ${schema}.livescore_setting WHERE name = 'foreign_writer_mode';
    IF mode IS NULL OR mode NOT IN ('observe', 'protect') THEN
      RETURN NEW;
    END IF;
    IF mode = 'protect' AND clock_timestamp() < OLD.score_protected_until AND NOT (${adminWrite(columns)}) THEN
      kept := NEW;
      ${present([...WATCHED, ...KEPT_ALONG], columns)
        .map((column) => `kept.${column} := OLD.${column};`)
        .join('\n      ')}
      RETURN kept;
    END IF;
    NEW.score_version := OLD.score_version + 1;
    IF NEW.external_id IS NOT NULL THEN
      INSERT INTO ${schema}.livescore_journal
        (match_id, epoch, version, source, before, after, provider_time, received_at)
      VALUES (
        NEW.external_id,
        COALESCE((SELECT max(epoch) FROM ${schema}.livescore_journal WHERE match_id = NEW.external_id), 0),
        NEW.score_version,
        'foreign',
        ${snapshot('OLD', columns)},
        ${snapshot('NEW', columns)},
        ${columns.has('provider_update_time') ? 'NEW.provider_update_time' : 'NULL'},
        clock_timestamp())
      ON CONFLICT (match_id, epoch, version) DO NOTHING;
    END IF;
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'livescore: a foreign write of match % went unnoticed: % (%)', NEW.external_id, SQLERRM, SQLSTATE;
  END;
  RETURN NEW;
END
$livescore$`;
}

export function adminWrite(columns: Columns): string {
  const marks = ADMIN_MARKS.filter((mark) => columns.has(`${mark}_source`)).map((mark) => {
    const stamped = columns.has(`${mark}_timestamp`)
      ? ` OR OLD.${mark}_timestamp IS DISTINCT FROM NEW.${mark}_timestamp`
      : '';
    return `(NEW.${mark}_source IS NOT DISTINCT FROM 'admin'
        AND (OLD.${mark}_source IS DISTINCT FROM 'admin'${stamped}))`;
  });
  return [`current_setting('livescore.writer', true) IS NOT DISTINCT FROM 'admin'`, ...marks].join('\n      OR ');
}

export function snapshot(row: 'OLD' | 'NEW', columns: Columns): string {
  const kickoffs = ['first_half_kickoff_ts', 'second_half_kickoff_ts', 'overtime_kickoff_ts'].map((column) =>
    columns.has(column) ? `${row}.${column}` : 'NULL',
  );
  return `jsonb_build_object('status', ${row}.status_id, 'home', ${row}.home_scores, 'away', ${row}.away_scores,
          'kickoffs', jsonb_build_array(${kickoffs.join(', ')}))`;
}

export const present = (names: readonly string[], columns: Columns) => names.filter((name) => columns.has(name));
