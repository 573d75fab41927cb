import { adminWrite, type Columns, KEPT_ALONG, present, snapshot, WATCHED } from './foreign-writer.sql.js';

/**
 * The function of the trigger, which also leaves a trace of what it did: `passed` and `admin` (journaled as well), or
 * `held-off`, with what was offered. An error inside never undoes a decision made before it, and never fails the
 * foreign statement.
 */
export function tracingFunctionSql(schema: string, fn: string, columns: Columns): string {
  const state = (row: 'OLD' | 'NEW') => snapshot(row, columns);
  return `
CREATE OR REPLACE FUNCTION ${schema}.${fn}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $livescore$
DECLARE
  mode text;
  by_admin boolean;
  kept record;
BEGIN
  kept := NEW;
  BEGIN
    SELECT value INTO mode FROM ${schema}.livescore_setting WHERE name = 'foreign_writer_mode';
    IF mode IS NULL OR mode NOT IN ('observe', 'protect') THEN
      RETURN NEW;
    END IF;
    by_admin := (${adminWrite(columns)});
    IF mode = 'protect' AND clock_timestamp() < OLD.score_protected_until AND NOT by_admin THEN
      ${present([...WATCHED, ...KEPT_ALONG], columns)
        .map((column) => `kept.${column} := OLD.${column};`)
        .join('\n      ')}
      IF OLD.external_id IS NOT NULL THEN
        INSERT INTO ${schema}.livescore_foreign_write (match_id, version, mode, result, before, offered)
        VALUES (OLD.external_id, OLD.score_version, mode, 'held-off', ${state('OLD')}, ${state('NEW')});
      END IF;
      RETURN kept;
    END IF;
    kept.score_version := OLD.score_version + 1;
    IF NEW.external_id IS NOT NULL THEN
      INSERT INTO ${schema}.livescore_journal
        (match_id, epoch, version, source, before, after, provider_time, received_at)
      VALUES (
        NEW.external_id,
        COALESCE((SELECT max(epoch) FROM ${schema}.livescore_journal WHERE match_id = NEW.external_id), 0),
        kept.score_version,
        'foreign',
        ${state('OLD')},
        ${state('NEW')},
        ${columns.has('provider_update_time') ? 'NEW.provider_update_time' : 'NULL'},
        clock_timestamp())
      ON CONFLICT (match_id, epoch, version) DO NOTHING;
      INSERT INTO ${schema}.livescore_foreign_write (match_id, version, mode, result, before)
      VALUES (NEW.external_id, kept.score_version, mode, CASE WHEN by_admin THEN 'admin' ELSE 'passed' END,
        ${state('OLD')});
    END IF;
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'livescore: a foreign write of match % went unnoticed: % (%)', NEW.external_id, SQLERRM, SQLSTATE;
  END;
  RETURN kept;
END
$livescore$`;
}
