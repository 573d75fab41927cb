import type { Database, Statement } from '../../../postgres/database.js';
import { readBudgetState } from '../../budget-state-reader.js';
import type { BudgetState } from '../../ports/budget-state.js';
import { BudgetStore, type StoredBudget } from '../../ports/budget-store.js';

/** Of the one provider that there is. */
const NAME = 'thesports';

/** Left of one row: the time is read when there is none, too. */
const READ: Statement = {
  name: 'livescore_provider_budget_read',
  text: `SELECT b.version, b.state, extract(epoch FROM clock_timestamp()) * 1000::numeric AS now_ms
    FROM (SELECT $1::text AS name) AS wanted LEFT JOIN livescore_provider_budget b ON b.name = wanted.name`,
};
const INSERT: Statement = {
  name: 'livescore_provider_budget_insert',
  text: `INSERT INTO livescore_provider_budget (name, version, state, changed_at)
    VALUES ($1::text, 1, $2::jsonb, clock_timestamp()) ON CONFLICT (name) DO NOTHING RETURNING version`,
};
const UPDATE: Statement = {
  name: 'livescore_provider_budget_update',
  text: `UPDATE livescore_provider_budget SET version = version + 1, state = $3::jsonb, changed_at = clock_timestamp()
    WHERE name = $1::text AND version = $2::bigint RETURNING version`,
};

interface Row {
  readonly version: string | null;
  readonly state: unknown;
  /** numeric */
  readonly now_ms: string;
}

/** `livescore_provider_budget` through the package's own connections, by the clock of the database. */
export class PgBudgetStore extends BudgetStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async read(): Promise<StoredBudget> {
    const [row] = await this.database.query<Row>(READ, [NAME]);
    const { version, state, now_ms } = row as Row;
    return { state: readBudgetState(state), version: Number(version ?? 0), nowMs: Number(now_ms) };
  }

  override async compareAndSet(version: number, state: BudgetState): Promise<boolean> {
    const json = JSON.stringify(state);
    const changed =
      version === 0
        ? await this.database.query(INSERT, [NAME, json])
        : await this.database.query(UPDATE, [NAME, version, json]);
    return changed.length > 0;
  }
}
