import { Client } from 'pg';

const SQL = 'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = current_database()';

/** How much a database was asked: transactions, by its own count, which is a second or two late. */
export class DatabaseWork {
  private constructor(
    private readonly client: Client,
    private count: number,
    private atMs: number,
  ) {}

  static async watch(databaseUrl: string): Promise<DatabaseWork> {
    const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
    await client.connect();
    return new DatabaseWork(client, await countOf(client), performance.now());
  }

  /** Transactions a second since the last time. */
  async perSecond(): Promise<number> {
    const [count, nowMs] = [await countOf(this.client), performance.now()];
    const perSecond = ((count - this.count) / (nowMs - this.atMs)) * 1_000;
    this.count = count;
    this.atMs = nowMs;
    return perSecond;
  }

  stop(): Promise<void> {
    return this.client.end();
  }
}

async function countOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ readonly count: string }>(SQL);
  return Number(rows[0]?.count);
}
