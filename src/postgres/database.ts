import type { FactoryProvider } from '@nestjs/common';
import type { PoolFacts } from '../contracts/health-facts.js';

/** A statement with a name: prepared once per connection where the path to the database allows it. */
export interface Statement {
  /** unique per text; at most 63 bytes */
  readonly name: string;
  readonly text: string;
}

/** What a statement gave back: its rows, and how many rows it returned or changed. */
export interface Answer<Row> {
  readonly rows: readonly Row[];
  readonly count: number;
}

/**
 * The package's own small connection pool, apart from the host's. Port and injection token in one.
 * No session state: every statement stands alone, so it may run through a transaction pooler.
 */
export abstract class Database {
  /**
   * Runs one statement on any free connection.
   * @returns its rows; bigint columns arrive as strings
   * @throws the driver's error with its SQLSTATE in `code`; when the connection broke or time ran out it is unknown
   * whether the statement took effect
   */
  abstract query<Row>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>;

  /**
   * The same on one connection kept for statements that follow each other: no wait for a free one, and it stays open
   * when nothing happens for long.
   */
  abstract queryOnDedicatedConnection<Row>(statement: Statement, values: readonly unknown[]): Promise<Answer<Row>>;

  /** Connections that run a statement right now, of all there may be, 0–1; 1 while statements wait for one. */
  get use(): number {
    const { active, total, waiting } = this.connections();
    if (waiting > 0) return 1;
    return total === 0 ? 0 : active / total;
  }

  /** How the connections are used right now; all 0 where there is no pool. */
  connections(): PoolFacts {
    return { active: 0, total: 0, waiting: 0 };
  }
}

/**
 * The same for those who only read: connections of their own, which are opened when somebody asks. However many readers wait,
 * no score does. Port and injection token in one.
 */
export abstract class ReadDatabase extends Database {}

type Port<T> = abstract new (...args: never[]) => T;
type OnDatabase<T> = new (database: Database, reads?: ReadDatabase) => T;

/** A provider that stands only where the host has a database: one with stores of its own may have none, and is given nothing. */
export function whereDatabase<T>(port: Port<T>, adapter: OnDatabase<T>): FactoryProvider<T | undefined> {
  return {
    provide: port,
    inject: [
      { token: Database, optional: true },
      { token: ReadDatabase, optional: true },
    ],
    useFactory: (database?: Database, reads?: ReadDatabase) => database && new adapter(database, reads),
  };
}
