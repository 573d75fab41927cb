import type { QueryRunner } from 'typeorm';

const JOURNAL = 'livescore_journal';
/** What was written before the index: a child of the journal, so that all statements find its rows as before. */
export const EARLIER = 'livescore_journal_earlier';
/** Replaced: it knows nothing of pages that no vacuum has summarized yet, so that all of them were read. */
const SUMMARIES = 'livescore_journal_committed_at';
const BY_TIME = 'livescore_journal_by_time';
/** An index on so much is made in a fraction of a second, in which nobody writes. */
const SMALL_BYTES = 32 * 2 ** 20;

/** How the journal stands: read without a lock. */
interface Journal {
  readonly bytes: number;
  /** somebody has made the index before, CONCURRENTLY for example */
  readonly indexed: boolean;
  /** views, triggers, policies, publications or foreign keys of the host that mean this very table */
  readonly bound: boolean;
}

/**
 * Summarizes what is there, and says to the planner which times it has, neither of which holds up a writer: it is read once, and
 * not changed any more when it is set aside.
 */
export async function prepareJournalByTime(queryRunner: QueryRunner, schema: string, smallBytes = SMALL_BYTES) {
  const journal = await look(queryRunner, schema);
  if (!isSetAside(journal, smallBytes)) return;
  await queryRunner.query(`SELECT pg_catalog.brin_summarize_new_values($1::pg_catalog.regclass)`, [
    `${schema}.${SUMMARIES}`,
  ]);
  await queryRunner.query(`ANALYZE ${schema}.${JOURNAL} (committed_at)`);
}

/**
 * Gives the journal an index on the time of the commit. A small one gets it in place. One that has grown is set aside as a
 * child of a new, empty table of the same name: no row is touched, and writers wait for a few milliseconds. One that objects
 * of the host hang on stays, and whoever makes its index waits for no longer than a lock is waited for.
 */
export async function indexJournalByTime(queryRunner: QueryRunner, schema: string, smallBytes = SMALL_BYTES) {
  const journal = await look(queryRunner, schema);
  if (isSetAside(journal, smallBytes)) await setAside(queryRunner, schema);
  else if (!journal.indexed) {
    await queryRunner.query(
      `SELECT pg_catalog.set_config('statement_timeout', pg_catalog.current_setting('lock_timeout'), true)`,
    );
    await queryRunner.query(`CREATE INDEX ${BY_TIME} ON ${schema}.${JOURNAL} (committed_at)`);
  }
  await queryRunner.query(`DROP INDEX IF EXISTS ${schema}.${SUMMARIES}`);
}

/** One table again, with the index that it had. */
export async function undoJournalByTime(queryRunner: QueryRunner, schema: string) {
  await queryRunner.query(`DROP INDEX IF EXISTS ${schema}.${BY_TIME}`);
  const [found] = await queryRunner.query(`SELECT pg_catalog.to_regclass($1) AS earlier`, [`${schema}.${EARLIER}`]);
  if (found.earlier === null) {
    await queryRunner.query(
      `CREATE INDEX IF NOT EXISTS ${SUMMARIES} ON ${schema}.${JOURNAL} USING brin (committed_at)`,
    );
    return;
  }
  const columns = await columnsOf(queryRunner, schema);
  await queryRunner.query(`ALTER TABLE ${schema}.${EARLIER} NO INHERIT ${schema}.${JOURNAL}`);
  // as long as it takes: an operator asked for it, and no host runs
  await queryRunner.query(`SELECT pg_catalog.set_config('statement_timeout', '0', true)`);
  await queryRunner.query(
    `INSERT INTO ${schema}.${EARLIER} (${columns}) SELECT ${columns} FROM ${schema}.${JOURNAL} ON CONFLICT DO NOTHING`,
  );
  await queryRunner.query(`DROP TABLE ${schema}.${JOURNAL}`);
  await rename(queryRunner, schema, EARLIER, JOURNAL);
  await queryRunner.query(`ALTER INDEX ${schema}.${EARLIER}_committed_at RENAME TO ${SUMMARIES}`);
}

function isSetAside({ bytes, indexed, bound }: Journal, smallBytes: number): boolean {
  return !indexed && !bound && bytes > smallBytes;
}

async function setAside(queryRunner: QueryRunner, schema: string): Promise<void> {
  const rights = await grantsOn(queryRunner, schema);
  await rename(queryRunner, schema, JOURNAL, EARLIER);
  await queryRunner.query(`ALTER INDEX ${schema}.${SUMMARIES} RENAME TO ${EARLIER}_committed_at`);
  await queryRunner.query(
    `CREATE TABLE ${schema}.${JOURNAL} (LIKE ${schema}.${EARLIER} INCLUDING ALL EXCLUDING INDEXES)`,
  );
  await queryRunner.query(`ALTER TABLE ${schema}.${JOURNAL} ADD PRIMARY KEY (match_id, epoch, version)`);
  await queryRunner.query(`CREATE INDEX ${BY_TIME} ON ${schema}.${JOURNAL} (committed_at)`);
  await queryRunner.query(`ALTER TABLE ${schema}.${EARLIER} INHERIT ${schema}.${JOURNAL}`);
  await queryRunner.query(
    `COMMENT ON TABLE ${schema}.${EARLIER} IS 'Rows of livescore_journal from before its index on time; read through it'`,
  );
  for (const right of rights) await queryRunner.query(right);
}

async function rename(queryRunner: QueryRunner, schema: string, from: string, to: string): Promise<void> {
  await queryRunner.query(`ALTER TABLE ${schema}.${from} RENAME TO ${to}`);
  await queryRunner.query(`ALTER INDEX ${schema}.${from}_pkey RENAME TO ${to}_pkey`);
}

async function look(queryRunner: QueryRunner, schema: string): Promise<Journal> {
  const rows: Journal[] = await queryRunner.query(
    `SELECT pg_catalog.pg_relation_size(c.oid)::float8 AS bytes,
        pg_catalog.to_regclass($2) IS NOT NULL AS indexed,
        (c.relrowsecurity
          OR EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid OPERATOR(pg_catalog.=) c.oid)
          OR EXISTS (SELECT FROM pg_catalog.pg_inherits h
            WHERE h.inhparent OPERATOR(pg_catalog.=) c.oid OR h.inhrelid OPERATOR(pg_catalog.=) c.oid)
          OR EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refobjid OPERATOR(pg_catalog.=) c.oid
            AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.classid OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.pg_rewrite'::pg_catalog.regclass,
              'pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_publication_rel'::pg_catalog.regclass]))) AS bound
      FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)`,
    [`${schema}.${JOURNAL}`, `${schema}.${BY_TIME}`],
  );
  return rows[0] ?? { bytes: 0, indexed: false, bound: false };
}

/** What others may do with the table and its columns, and whose it is, as statements. */
async function grantsOn(queryRunner: QueryRunner, schema: string): Promise<readonly string[]> {
  const table = `${schema}.${JOURNAL}`;
  const rows: { statement: string }[] = await queryRunner.query(
    `WITH held AS (
        SELECT c.relacl AS acl, '' AS columns FROM pg_catalog.pg_class c
        WHERE c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
        UNION ALL
        SELECT a.attacl, pg_catalog.format(' (%I)', a.attname) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1) AND a.attacl IS NOT NULL
      )
      SELECT pg_catalog.format('ALTER TABLE %s OWNER TO %I', $1::text, pg_catalog.pg_get_userbyid(c.relowner)) AS statement
      FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
        AND pg_catalog.pg_get_userbyid(c.relowner) OPERATOR(pg_catalog.<>) CURRENT_USER
      UNION ALL
      SELECT pg_catalog.format('GRANT %s%s ON %s TO %s%s', e.privilege_type, held.columns, $1::text,
        CASE WHEN e.grantee OPERATOR(pg_catalog.=) 0::oid THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(e.grantee)) END,
        CASE WHEN e.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM held CROSS JOIN LATERAL pg_catalog.aclexplode(held.acl) e`,
    [table],
  );
  return rows.map(({ statement }) => statement);
}

async function columnsOf(queryRunner: QueryRunner, schema: string): Promise<string> {
  const rows: { columns: string }[] = await queryRunner.query(
    `SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ') AS columns FROM pg_catalog.pg_attribute a
      WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
        AND a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT a.attisdropped`,
    [`${schema}.${JOURNAL}`],
  );
  return rows[0]?.columns ?? '';
}
