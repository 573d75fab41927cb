import { Injectable, Optional } from '@nestjs/common';
import { Database, ReadDatabase, type Statement } from '../../../postgres/database.js';
import { type PrunedBatch, type RetainedKind, RetentionStore, type TableSize } from '../../ports/retention-store.js';
import { COUNT, PRUNE } from './retention-statements.js';
import { AGES, PREFIX, SIZES } from './size-statements.js';

/** The tables of the package through its own connections. */
@Injectable()
export class PgRetentionStore extends RetentionStore {
  private readonly reads: Database;

  /** @param reads connections of those who only read, where there are some: no writer waits for a measurement */
  constructor(
    private readonly database: Database,
    @Optional() reads?: ReadDatabase,
  ) {
    super();
    this.reads = reads ?? database;
  }

  override prune(kind: RetainedKind, days: number, after: string | null): Promise<PrunedBatch> {
    return this.batch(PRUNE[kind], days, after);
  }

  override count(kind: RetainedKind, days: number, after: string | null): Promise<PrunedBatch> {
    return this.batch(COUNT[kind], days, after);
  }

  override async sizes(): Promise<readonly TableSize[]> {
    const sizes = await this.reads.query<{ name: string; rows: number | null; bytes: number }>(SIZES, []);
    const ages = await this.reads.query<{ name: string; oldestS: number }>(AGES, []);
    const oldest = new Map(ages.map(({ name, oldestS }) => [name, oldestS]));
    return sizes.map(({ name, rows, bytes }) => ({
      table: PREFIX + name,
      rows,
      bytes,
      oldestS: oldest.get(name) ?? null,
    }));
  }

  private async batch(statement: Statement, days: number, from: string | null): Promise<PrunedBatch> {
    const [row] = await this.database.query<BatchRow>(statement, [days, from]);
    const { after = null, ...rows } = row ?? {};
    return { rows: rows as PrunedBatch['rows'], after };
  }
}

/** `after`, and one column for each table */
interface BatchRow {
  readonly after?: string | null;
}
