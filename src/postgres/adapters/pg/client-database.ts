import type { Client } from 'pg';
import { type Answer, Database, type Statement } from '../../database.js';

/** The statements of the package on the one connection of a command. */
export class ClientDatabase extends Database {
  constructor(private readonly client: Client) {
    super();
  }

  override async query<Row>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.queryOnDedicatedConnection<Row>(statement, values)).rows;
  }

  /** Sent without its name: each runs once, and the way may lead through a pooler. */
  override async queryOnDedicatedConnection<Row>(
    { text }: Statement,
    values: readonly unknown[],
  ): Promise<Answer<Row>> {
    const { rows, rowCount } = await this.client.query(text, [...values]);
    return { rows, count: rowCount ?? 0 };
  }
}
