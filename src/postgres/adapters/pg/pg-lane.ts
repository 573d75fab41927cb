import type { Pool, PoolClient } from 'pg';
import type { Answer, Statement } from '../../database.js';
import { sendQuery } from './send-query.js';
import type { SilentConnections } from './silent-connections.js';

/**
 * One connection kept out of the pool for statements that follow each other. It stays open when the feed is quiet, so
 * that a goal after an hour finds it ready, and a statement is on the wire before the caller goes on. A statement that
 * fails gives the connection up; the next one takes another.
 */
export class PgLane {
  private client: PoolClient | null = null;
  private opening: Promise<PoolClient> | null = null;
  private running = 0;

  /** @param pool the pool to take the connection from, asked each time one is needed */
  constructor(
    private readonly pool: () => Pool,
    private readonly silent: SilentConnections,
  ) {}

  /** Does it hold a connection that runs nothing? */
  get rests(): boolean {
    return this.client !== null && this.running === 0;
  }

  run<Row>(statement: Statement, name: string | undefined, values: readonly unknown[]): Promise<Answer<Row>> {
    if (this.client) return this.send(this.client, statement, name, values);
    return this.open().then((client) => this.send(client, statement, name, values));
  }

  async close(): Promise<void> {
    const client = this.client ?? (await this.opening?.catch(() => null));
    if (client) this.giveUp(client);
  }

  private async send<Row>(
    client: PoolClient,
    { text }: Statement,
    name: string | undefined,
    values: readonly unknown[],
  ) {
    this.running++;
    this.silent.sent(client);
    try {
      const result = await sendQuery(client, text, name, values);
      return { rows: result.rows as Row[], count: result.rowCount ?? 0 };
    } catch (error) {
      this.giveUp(client);
      throw error;
    } finally {
      this.running--;
      this.silent.answered(client);
    }
  }

  private open(): Promise<PoolClient> {
    this.opening ??= this.connect().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async connect(): Promise<PoolClient> {
    const client = await this.pool().connect();
    // a connection that breaks between two statements
    client.on('error', () => this.giveUp(client));
    this.client = client;
    return client;
  }

  /** Once per connection: the pool takes it back only to close it. */
  private giveUp(client: PoolClient): void {
    if (this.client !== client) return;
    this.client = null;
    client.release(true);
  }
}
