import { Client } from 'pg';
import type { ProviderItem } from '../src/provider/ports/provider-lists.js';
import { COLUMNS, ONE_ROW, UNNEST } from './sync-columns.js';

/** A way to bring pages of the provider into `ts_players`. */
export abstract class SyncSubject {
  /** Does what happens once in a run, before its first page. */
  async begin(): Promise<void> {}
  /** Stores one page; what was decoded of an answer is given, everything after that is the subject's. */
  abstract store(items: readonly ProviderItem[]): Promise<void>;
  /** @returns what was wrong with the run */
  async end(_expected: ExpectedRun): Promise<readonly string[]> {
    return [];
  }
  abstract close(): Promise<void>;
}

export interface ExpectedRun {
  readonly added: number;
  readonly changed: number;
  readonly pages: number;
}

/** Statements by hand on one connection, each prepared once. */
abstract class ByHand extends SyncSubject {
  protected constructor(protected readonly sql: Client) {
    super();
  }

  override close(): Promise<void> {
    return this.sql.end();
  }
}

export class UnnestByHand extends ByHand {
  static async connect(url: string): Promise<UnnestByHand> {
    return new UnnestByHand(await connected(url));
  }

  override async store(items: readonly ProviderItem[]): Promise<void> {
    const values = COLUMNS.map(({ read }) => items.map(read));
    await this.sql.query({ name: 'unnest', text: UNNEST, values });
  }
}

export class OneRowByHand extends ByHand {
  static async connect(url: string): Promise<OneRowByHand> {
    return new OneRowByHand(await connected(url));
  }

  override async store(items: readonly ProviderItem[]): Promise<void> {
    for (const item of items) {
      const values = COLUMNS.map(({ read }) => read(item));
      await this.sql.query({ name: 'one_row', text: ONE_ROW, values });
    }
  }
}

async function connected(url: string): Promise<Client> {
  const sql = new Client(url);
  await sql.connect();
  return sql;
}
