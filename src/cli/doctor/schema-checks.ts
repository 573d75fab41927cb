import { livescoreMigrations } from '../../../migrations/livescore-migrations.js';
import { CHECK, type Lacks } from '../../postgres/database-check.js';
import { FEATURE_TABLES } from '../../postgres/needed-tables.js';
import { lacksRight, lacksSchema } from '../../postgres/sql-state.js';
import { columnTypeFindings } from './column-types.js';
import { type Check, type Finding, fault, warning } from './finding.js';
import type { LentConnections } from './lent-connections.js';
import { FEATURES, KEY, MIGRATIONS, TRIGGERS, TYPES, WHERE } from './schema-statements.js';

/** Checks of what the package needs in the database. */
export function schemaChecks(connections: LentConnections): readonly Check[] {
  const rows = <Row extends object>(text: string, values?: readonly unknown[]) => connections.rows<Row>(text, values);
  const check = (name: string, seen: string, look: () => Promise<readonly Finding[]>): Check => ({
    name,
    look: async () => ({ findings: await look(), seen }),
  });
  return [
    check('schema', 'ts_matches and the tables of the package stand in one schema', async () =>
      placeFindings((await rows<Place>(WHERE))[0]),
    ),
    check('tables and rights', 'all there', async () => {
      const [lacks] = await rows<Lacks>(CHECK.text);
      return lacks ? lackFindings(lacks) : [];
    }),
    check('migrations', `all ${livescoreMigrations.length} ran`, () =>
      migrationFindings(() => rows<{ name: string }>(MIGRATIONS)),
    ),
    check('columns of ts_matches', 'of types that can be read and written', async () =>
      columnTypeFindings(await rows(TYPES)),
    ),
    check('triggers', 'both are there and fire', async () => triggerFindings(await rows<Trigger>(TRIGGERS))),
    check('key of ts_matches', 'external_id is unique', async () =>
      keyFindings((await rows<{ there: boolean; unique: boolean }>(KEY))[0]),
    ),
    check('tables of features', 'all there', async () =>
      featureFindings(await rows<{ name: string }>(FEATURES, [[...FEATURE_TABLES]])),
    ),
  ];
}

function featureFindings(missing: readonly { readonly name: string }[]): readonly Finding[] {
  const todo = 'the feature that needs it does nothing: create it, or leave the feature off';
  return missing.map(({ name }) => warning('LIVESCORE_FEATURE_TABLE_MISSING', `no table ${name}`, todo));
}

interface Place {
  readonly path: string;
  readonly found: string | null;
  readonly elsewhere: readonly string[];
  readonly ours: readonly string[];
}

function placeFindings(place: Place | undefined): readonly Finding[] {
  if (!place) return [];
  const { path, found, elsewhere, ours } = place;
  if (found === null) {
    const where = elsewhere.length > 0 ? `it is in ${elsewhere.join(', ')}` : 'no schema of this database has it';
    const todo =
      elsewhere.length > 0
        ? `set the option postgres.schema, or the search path of the role, to ${elsewhere[0]}`
        : "name the platform's database";
    return [fault('LIVESCORE_SCHEMA', `the search path (${path}) does not lead to ts_matches: ${where}`, todo)];
  }
  const strays = ours.filter((schema) => schema !== found);
  if (strays.length === 0) return [];
  const todo = `the package uses those beside ts_matches: run \`livescore migrate\`, and drop the others when they are of no use`;
  const split = `ts_matches is in ${found}, tables of the package also in ${strays.join(', ')}`;
  return [warning('LIVESCORE_SCHEMA_SPLIT', split, todo)];
}

function lackFindings({ tables, columns, rights, policies = [] }: Lacks): readonly Finding[] {
  const found: Finding[] = [];
  const tell = (code: string, what: string, names: readonly string[], todo: string) => {
    if (names.length > 0) found.push(fault(code, `${what} ${names.join(', ')}`, todo));
  };
  tell(
    'LIVESCORE_TABLE_MISSING',
    'no table',
    tables,
    'run `livescore migrate`; ts_matches itself is the platform’s: name its schema or database',
  );
  tell('LIVESCORE_COLUMN_MISSING', 'no column', columns, 'run `livescore migrate`');
  tell('LIVESCORE_RIGHT_MISSING', 'no right to', rights, 'GRANT it to the role of DATABASE_URL');
  tell(
    'LIVESCORE_POLICY_MISSING',
    'row security without a policy to',
    policies,
    'CREATE POLICY … for the role, or BYPASSRLS',
  );
  return found;
}

const KNOWN = livescoreMigrations.map(({ name }) => name);
const MIGRATE = 'run `livescore migrate`';

async function migrationFindings(
  read: () => Promise<readonly { readonly name: string }[]>,
): Promise<readonly Finding[]> {
  try {
    return differences((await read()).map(({ name }) => name));
  } catch (error) {
    if (lacksSchema(error))
      return [fault('LIVESCORE_MIGRATION_PENDING', `none of ${KNOWN.length} migrations has run`, MIGRATE)];
    if (!lacksRight(error)) throw error;
    const todo = 'grant it SELECT, or run doctor with the role that migrates';
    return [warning('LIVESCORE_MIGRATIONS_UNREADABLE', 'the role may not read livescore_migrations', todo)];
  }
}

function differences(ran: readonly string[]): readonly Finding[] {
  const pending = KNOWN.filter((name) => !ran.includes(name));
  const newer = ran.filter((name) => !KNOWN.includes(name));
  const todo = 'it only added: this release works beside it';
  return [
    ...pending.map((name) => fault('LIVESCORE_MIGRATION_PENDING', `${name} has not run`, MIGRATE)),
    ...newer.map((name) => warning('LIVESCORE_NEWER_MIGRATION', `${name} is of a later release`, todo)),
  ];
}

interface Trigger {
  readonly name: string;
  readonly enabled: string | null;
}

/** `tgenabled`: O fires for ordinary sessions, A always. */
function triggerFindings(triggers: readonly Trigger[]): readonly Finding[] {
  return triggers.flatMap(({ name, enabled }) => {
    if (enabled === 'O' || enabled === 'A') return [];
    if (enabled === null)
      return [
        fault(
          'LIVESCORE_TRIGGER_MISSING',
          `no trigger ${name} on ts_matches`,
          'run `livescore migrate`; where it has run before, revert to before its migration and run it again',
        ),
      ];
    return [
      fault(
        'LIVESCORE_TRIGGER_OFF',
        `the trigger ${name} does not fire`,
        `ALTER TABLE ts_matches ENABLE TRIGGER ${name}`,
      ),
    ];
  });
}

function keyFindings(key: { readonly there: boolean; readonly unique: boolean } | undefined): readonly Finding[] {
  if (!key?.there || key.unique) return [];
  return [
    fault(
      'LIVESCORE_KEY_MISSING',
      'ts_matches.external_id has no unique index: each write reads the whole table',
      'CREATE UNIQUE INDEX CONCURRENTLY ts_matches_external_id_key ON ts_matches (external_id)',
    ),
  ];
}
