import { CommandError } from '../cli.errors.js';
import type { LongClient } from './long-client.js';
import type { KeptTable, Manifest } from './manifest.js';
import { majorOf } from './postgres-tools.js';
import type { RestoreTarget, TargetTrigger, UniqueKey } from './restore-script.js';
import type { ServerFacts } from './server-facts.js';
import { type CatalogTable, findMigrations, findSchema, findTables } from './table-catalog.js';

/** What will happen, for whoever has to agree. */
export interface RestorePlan {
  readonly target: RestoreTarget;
  readonly created: readonly string[];
  readonly words: string;
}

/** @throws CommandError naming everything that stands in the way */
export async function planRestore(
  manifest: Manifest,
  client: LongClient,
  server: ServerFacts,
  forced: boolean,
): Promise<RestorePlan> {
  const schema = await findSchema(client);
  const present = await findTables(client, schema);
  await refuseFaults(manifest, client, { schema, present, server });
  const merged = manifest.tables.filter(({ name, of }) => of === 'platform' && has(present, name));
  const ofPackage = present.filter(({ of }) => of === 'package');
  // A table that the backup does not hold cannot be brought back by it: it is nobody's to drop.
  const dropped = ofPackage.filter(({ name }) => has(manifest.tables, name)).map(({ name }) => name);
  const target: RestoreTarget = {
    schema,
    merged,
    dropped,
    ...(await keysAndTriggers(client, present, merged)),
    hasLease: has(present, 'livescore_lease'),
    hasJournal: has(present, 'livescore_journal'),
    forced,
  };
  const created = manifest.tables.filter((table) => !merged.includes(table)).map(({ name }) => name);
  const staying = ofPackage.map(({ name }) => name).filter((name) => !dropped.includes(name));
  return { target, created, words: wordsOf(manifest, target, { created, staying }) };
}

interface Found {
  readonly schema: string;
  readonly present: readonly CatalogTable[];
  readonly server: ServerFacts;
}

async function refuseFaults(manifest: Manifest, client: LongClient, { schema, present, server }: Found): Promise<void> {
  const faults = [
    ...serverFaults(manifest, server, schema),
    ...rightFaults(present, await mayCreate(client, schema), schema),
    ...columnFaults(manifest, present),
    ...(await migrationFaults(manifest, client, schema, present)),
    ...(await extensionFaults(manifest, client)),
  ];
  if (faults.length === 0) return;
  throw new CommandError('LIVESCORE_CANNOT_RESTORE', `${faults.join('; ')}; nothing was changed`);
}

const has = (tables: readonly Pick<KeptTable, 'name'>[], name: string) => tables.some((table) => table.name === name);

function serverFaults(manifest: Manifest, { version }: ServerFacts, schema: string): readonly string[] {
  const older = majorOf(version) < majorOf(manifest.server);
  return [
    ...(older ? [`the backup is of PostgreSQL ${manifest.server}, and the server is ${version}`] : []),
    ...(schema === manifest.schema
      ? []
      : [`the backup is of schema ${manifest.schema}, and the tables are in ${schema}`]),
  ];
}

interface Rights {
  readonly create: boolean;
  readonly temporary: boolean;
}

const MAY_CREATE = `SELECT COALESCE(has_schema_privilege(to_regnamespace(quote_ident($1)), 'CREATE'), false) AS create,
  has_database_privilege(current_database(), 'TEMP') AS temporary`;

async function mayCreate(client: LongClient, schema: string): Promise<Rights> {
  const [rights] = await client.query<{ create: boolean; temporary: boolean }>(MAY_CREATE, [schema]);
  return rights ?? { create: false, temporary: false };
}

function rightFaults(present: readonly CatalogTable[], { create, temporary }: Rights, schema: string): string[] {
  const foreign = present.filter(({ isOwner }) => !isOwner).map(({ name }) => name);
  return [
    ...(create ? [] : [`the role of DATABASE_URL lacks CREATE on schema ${schema}`]),
    ...(temporary ? [] : ['the role of DATABASE_URL lacks TEMPORARY on the database']),
    ...(foreign.length > 0 ? [`the role of DATABASE_URL does not own ${foreign.join(', ')}: name their owner`] : []),
  ];
}

function columnFaults(manifest: Manifest, present: readonly CatalogTable[]): readonly string[] {
  return manifest.tables.flatMap(({ name, of, columns, primaryKey }) => {
    const table = present.find((candidate) => candidate.name === name);
    if (of !== 'platform' || !table) return [];
    const lacking = columns.filter((column) => !table.columns.includes(column));
    if (lacking.length > 0) return [`${name} lacks columns of the backup: ${lacking.join(', ')}`];
    const sameKey = primaryKey.length > 0 && primaryKey.join() === table.primaryKey.join();
    return sameKey ? [] : [`the primary key of ${name} is not the one of the backup`];
  });
}

/** Columns of a table that stays are as far as its migrations: so must be the tables that come back. */
async function migrationFaults(
  manifest: Manifest,
  client: LongClient,
  schema: string,
  present: readonly CatalogTable[],
): Promise<readonly string[]> {
  const ran = await findMigrations(client, schema, present);
  if (!has(present, 'ts_matches') || ran.length === 0) return [];
  const [newer, older] = [without(ran, manifest.migrations), without(manifest.migrations, ran)];
  return [
    ...(newer.length > 0 ? [`the database has migrations that the backup has not: ${newer.join(', ')}`] : []),
    ...(older.length > 0 ? [`run livescore migrate first: the database lacks ${older.join(', ')}`] : []),
  ];
}

const without = (names: readonly string[], others: readonly string[]) => names.filter((name) => !others.includes(name));

async function extensionFaults({ extensions }: Manifest, client: LongClient): Promise<readonly string[]> {
  const there = await client.query<{ name: string }>('SELECT extname::text AS name FROM pg_catalog.pg_extension');
  return extensions
    .filter(({ name }) => !has(there, name))
    .map(({ name, schema }) => `the database lacks an extension: CREATE EXTENSION "${name}" SCHEMA "${schema}"`);
}

const TRIGGERS = `
SELECT c.relname::text AS "on", t.tgname::text AS name, (t.tgenabled = 'A') AS "isAlways" FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
WHERE (t.tgrelid = ANY ($1::oid[])) AND NOT t.tgisinternal AND ((t.tgenabled = 'O') OR (t.tgenabled = 'A')) ORDER BY 1, 2`;

const UNIQUE_KEYS = `
SELECT c.relname::text AS "on", ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
  WHERE (a.attrelid = c.oid) AND (a.attnum = ANY (i.indkey)) ORDER BY a.attnum) AS columns
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
WHERE (c.oid = ANY ($1::oid[])) AND i.indisunique AND NOT i.indisprimary AND (i.indpred IS NULL) AND (i.indexprs IS NULL)
  AND (i.indnkeyatts = i.indnatts)
ORDER BY 1`;

async function keysAndTriggers(
  client: LongClient,
  present: readonly CatalogTable[],
  merged: readonly KeptTable[],
): Promise<Pick<RestoreTarget, 'triggers' | 'uniqueKeys'>> {
  const oids = present.filter(({ name }) => has(merged, name)).map(({ oid }) => oid);
  const unique = await client.query<UniqueKey>(UNIQUE_KEYS, [oids]);
  // A column that came after the backup cannot be compared with it.
  const isKept = ({ on, columns }: UniqueKey) =>
    columns.every((column) => merged.some((table) => table.name === on && table.columns.includes(column)));
  return { triggers: await client.query<TargetTrigger>(TRIGGERS, [oids]), uniqueKeys: unique.filter(isKept) };
}

function wordsOf(
  { madeAt, tables }: Manifest,
  { merged, dropped }: RestoreTarget,
  { created, staying }: Readonly<Record<'created' | 'staying', readonly string[]>>,
): string {
  const rows = tables.reduce((all, table) => all + table.rows, 0);
  return [
    `This restores the backup of ${madeAt}: ${tables.length} tables, ${rows} rows.`,
    dropped.length > 0 ? `What the ${dropped.length} tables of the package hold now is lost.` : '',
    `${created.length} tables are made anew.`,
    staying.length > 0 ? `The backup does not hold ${staying.join(', ')}: left as it is.` : '',
    merged.length > 0 ? `In ${merged.map(({ name }) => name).join(' and ')} rows of the backup are written over.` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}
