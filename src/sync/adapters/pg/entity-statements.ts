import { createHash } from 'node:crypto';
import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import type { Statement } from '../../../postgres/database.js';
import { EntitySource } from './entity-source.js';
import type { TypedField } from './entity-table.js';

/** When the provider changed the entry: not later than now, and now where it does not say. */
const CHANGED_AT = 'LEAST(COALESCE(to_timestamp(s.updated_at), now()), now())';

/** The statements of one entity, for the columns that its table has. */
export interface EntityStatements {
  /** $1 to $4: run, next page, newest change, when the request left in unix ms; then the source */
  readonly save: Statement;
  /** the source alone */
  readonly compare: Statement;
  readonly source: EntitySource;
}

/**
 * One page as one commit: `run` moves the page cursor and holds everything else back when the run is lost; `src` looks each
 * row up; `changed` touches only rows that differ; a row that somebody else adds meanwhile is changed as one that was there.
 *
 * A plan outlives the table that it was made for, and the first one is made while the table is empty. So nothing may be joined
 * in a way that reads all of it: a row is looked up through `LIMIT`, which leaves no other choice than the index, and `changed`
 * is bound to a list of keys.
 */
export function entityStatements({ name, table }: EntityDefinition, fields: readonly TypedField[]): EntityStatements {
  const source = new EntitySource(fields);
  const differs = fields.map(difference).join('\n      OR ');
  const columns = fields.map(({ column }) => column);
  const save = `
WITH run AS (
  UPDATE livescore_sync_status r SET page = $2::integer, newest = GREATEST(r.newest, $3::bigint),
    heartbeat_at = clock_timestamp()
  WHERE r.entity = '${name}' AND r.run_id = $1::uuid RETURNING 1
), held AS MATERIALIZED (
  SELECT ($1::uuid IS NULL) OR EXISTS (SELECT FROM run) AS yes
), src AS MATERIALIZED (
  SELECT s.*, e.differs AS differs FROM ${source.sql(5)}
  LEFT JOIN LATERAL (
    SELECT (${differs}) AS differs FROM ${table} t WHERE t.external_id = s.external_id LIMIT 1
  ) e ON true
  WHERE (SELECT held.yes FROM held)
), changed AS (
  UPDATE ${table} t SET ${fields.map((field) => `${field.column} = ${newValue(field, 't')}`).join(', ')}, updated_at = ${CHANGED_AT}
  FROM src s WHERE t.external_id = ANY (ARRAY(SELECT k.external_id FROM src k WHERE k.differs))
    AND s.differs AND (t.external_id = s.external_id) AND (${differs})
  RETURNING 1
), added AS (
  INSERT INTO ${table} AS t (external_id, ${columns.join(', ')}, updated_at)
  SELECT s.external_id, ${fields.map(firstValue).join(', ')}, ${CHANGED_AT}
  FROM src s WHERE s.differs IS NULL
  ON CONFLICT (external_id) DO UPDATE SET ${fields.map((field) => `${field.column} = COALESCE(${saidValue(field)}, t.${field.column})`).join(', ')}
  RETURNING 1
), listed AS (
  UPDATE livescore_sync_deleted d SET listed_at = clock_timestamp()
  WHERE d.entity = '${name}' AND d.external_id = ANY (ARRAY(SELECT s.external_id FROM src s)) AND d.listed_at IS NULL
    AND d.seen_at < to_timestamp($4::float8 / 1000)
  RETURNING 1
)
SELECT held.yes AS held, (SELECT count(*) FROM added)::integer AS added, (SELECT count(*) FROM changed)::integer AS changed
FROM held`;
  const compare = `
SELECT s.external_id AS "externalId", t.external_id IS NOT NULL AS present,
  jsonb_build_object(${fields.map((field) => `'${field.column}', CASE WHEN ${difference(field)} THEN jsonb_build_array(t.${field.column}) END`).join(', ')}) AS ours
FROM ${source.sql(1)}
LEFT JOIN ${table} t ON t.external_id = s.external_id
WHERE t.external_id IS NULL OR (${differs})`;
  return {
    save: named(`livescore_sync_save_${name}`, save),
    compare: named(`livescore_sync_compare_${name}`, compare),
    source,
  };
}

/** A name of its own for each text: tables differ in what they have. */
function named(name: string, text: string): Statement {
  return { name: `${name}_${createHash('sha256').update(text).digest('hex').slice(0, 8)}`, text };
}

/** Says the entry something that the row does not? */
function difference(field: TypedField): string {
  const { column, clears } = field;
  const given = `(${value(field)} IS NOT NULL AND (${comparable(field)} = ${value(field)}) IS NOT TRUE)`;
  return clears ? `${given} OR (s.no_${column} AND t.${column} IS NOT NULL)` : given;
}

function newValue(field: TypedField, row: string): string {
  const kept = `COALESCE(${stored(field)}, ${row}.${field.column})`;
  return field.clears ? `CASE WHEN s.no_${field.column} THEN NULL ELSE ${kept} END` : kept;
}

/** What a new row gets: of what the provider leaves open, the text of its fallback, or no. */
function firstValue(field: TypedField): string {
  if (field.fallback) return `COALESCE(${stored(field)}, s.new_${field.column})`;
  if (!field.isPresence) return stored(field);
  return `COALESCE(${stored(field)}, ${field.type === 'boolean' ? 'false' : '0'})`;
}

/** What the entry itself says, where EXCLUDED may hold more than that. */
function saidValue(field: TypedField): string {
  if (!field.fallback && !field.isPresence) return `EXCLUDED.${field.column}`;
  return `(SELECT ${stored(field)} FROM src s WHERE s.external_id = EXCLUDED.external_id)`;
}

/** A platform may have declared a yes or no as a number. */
function value({ column, kind, type }: TypedField): string {
  return kind === 'boolean' && type !== 'boolean' ? `(s.${column}::integer)` : `s.${column}`;
}

function stored(field: TypedField): string {
  const { column, kind, type } = field;
  if (kind === 'document') return `(s.${column}::${type})`;
  return kind === 'boolean' ? value(field) : `s.${column}`;
}

function comparable({ column, kind, type }: TypedField): string {
  return kind === 'document' && type === 'json' ? `(t.${column}::jsonb)` : `t.${column}`;
}
