import { SCORE_COLUMNS } from '../../platform/score-columns.js';
import { type Finding, fault } from './finding.js';

/** Names of types in `pg_type`. A host may keep a number in another type than the reference, as long as every value fits. */
const NUMBERS = ['int4', 'int8', 'numeric', 'text', 'varchar'];
const COUNTS = ['int2', ...NUMBERS];
const TEXTS = ['text', 'varchar', 'bpchar'];
const DOCUMENTS = ['jsonb', 'json', 'text', 'varchar'];
const TIMES = ['timestamptz', 'timestamp'];

const ALLOWED_FOR = { integer: COUNTS, bigint: NUMBERS, jsonb: DOCUMENTS, text: TEXTS } as const;

const ALLOWED: ReadonlyMap<string, readonly string[]> = new Map([
  ...SCORE_COLUMNS.map(({ name, type }) => [name, ALLOWED_FOR[type]] as const),
  ...entries('external_id competition_id last_update_source minute_source', TEXTS),
  ...entries('minute', COUNTS),
  ...entries('match_time live_kickoff_time minute_timestamp last_minute_update_ts last_event_ts', NUMBERS),
  ...entries('statistics incidents tlive', DOCUMENTS),
  ...entries('updated_at', TIMES),
  ...entries('ended', ['bool']),
  // ours: made by a migration
  ...entries('score_version', ['int8']),
  ...entries('score_reached', ['int2']),
  ...entries('kickoff_source', ['jsonb']),
  ...entries('score_seen_at score_pulled_at score_protected_until', ['timestamptz']),
]);

/** Columns of `ts_matches` whose type cannot hold what the package writes. */
export function columnTypeFindings(
  columns: readonly { readonly name?: unknown; readonly type?: unknown }[],
): readonly Finding[] {
  return columns.flatMap(({ name, type }) => {
    const allowed = ALLOWED.get(String(name));
    if (!allowed || allowed.includes(String(type))) return [];
    const todo = `ALTER TABLE ts_matches ALTER COLUMN ${name} TYPE ${allowed[0]} (revert the trigger's migration first where PostgreSQL asks for it)`;
    return [
      fault('LIVESCORE_COLUMN_TYPE', `ts_matches.${name} is ${type}, and must be one of ${allowed.join(', ')}`, todo),
    ];
  });
}

function entries(names: string, allowed: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  return names.split(' ').map((name) => [name, allowed] as const);
}
