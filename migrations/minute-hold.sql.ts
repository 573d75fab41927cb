import { type Columns, present } from './foreign-writer.sql.js';

export const HOLD_SETTING = 'minute_hold';

/** A minute, and what says who set it and when. */
const MINUTE_COLUMNS = ['minute', 'minute_source', 'minute_timestamp', 'last_minute_update_ts'];

/**
 * The trigger calls the function only for a statement that is not ours and moves the minute alone: ours changes
 * `score_version`, or names itself in its transaction.
 */
export function minuteHoldTriggerSql(schema: string, trigger: string, fn: string): string {
  return `
CREATE TRIGGER ${trigger} BEFORE UPDATE OF minute ON ${schema}.ts_matches FOR EACH ROW
  WHEN (OLD.minute IS DISTINCT FROM NEW.minute AND OLD.score_version = NEW.score_version
    AND OLD.status_id IS NOT DISTINCT FROM NEW.status_id
    AND current_setting('livescore.writer', true) IS DISTINCT FROM 'minute')
  EXECUTE FUNCTION ${schema}.${fn}()`;
}

/**
 * Runs with the rights of its owner, since other writers have none on our tables. It keeps the minute of the matches that
 * the hold names, until it ends; an error inside never fails the statement of the other writer.
 */
export function minuteHoldFunctionSql(schema: string, fn: string, columns: Columns): string {
  return `
CREATE OR REPLACE FUNCTION ${schema}.${fn}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $livescore$
DECLARE
  hold jsonb;
  kept record;
BEGIN
  kept := NEW;
  BEGIN
    SELECT s.value::jsonb INTO hold FROM ${schema}.livescore_setting s
      WHERE s.name = '${HOLD_SETTING}'
        AND NOT EXISTS (SELECT FROM ${schema}.livescore_setting m WHERE m.name = 'minute_mode' AND m.value <> 'on');
    IF hold IS NULL OR (hold ->> 'until')::float8 < extract(epoch FROM clock_timestamp())
      OR NOT COALESCE((hold -> 'ids') ? OLD.external_id::text, false) THEN
      RETURN NEW;
    END IF;
    ${present(MINUTE_COLUMNS, columns)
      .map((column) => `kept.${column} := OLD.${column};`)
      .join('\n    ')}
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'livescore: the minute of match % was not kept: % (%)', NEW.external_id, SQLERRM, SQLSTATE;
    RETURN NEW;
  END;
  RETURN kept;
END
$livescore$`;
}
