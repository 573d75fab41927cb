import type { Client } from 'pg';
import { within } from '../../kernel/deadline.js';
import { REAL_TIME } from '../../kernel/scheduler.js';
import { isAddress } from '../../kernel/service-address.js';
import { openDatabase } from '../../postgres/adapters/pg/open-database.js';
import { SkippedCheck } from './finding.js';

/** Lends connections to the checks, and closes them all in the end. */
export class LentConnections {
  private readonly open: Promise<Client>[] = [];
  private shared: Promise<Client> | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly url: string | undefined) {}

  /** One question after the other on the connection that the short ones share. @throws SkippedCheck when there is none */
  rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    this.shared ??= this.another();
    const shared = this.shared.catch(() => {
      throw new SkippedCheck('the database cannot be asked');
    });
    const turn = this.last.then(async () => (await (await shared).query<Row>(text, [...values])).rows);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** One more. @throws UnreachableError @throws SkippedCheck when no database is named */
  another(): Promise<Client> {
    const { url } = this;
    if (!url || !isAddress('database', url)) return Promise.reject(new SkippedCheck('no database is named'));
    const client = openDatabase(url);
    this.open.push(client);
    client.catch(() => undefined);
    return client;
  }

  async close(): Promise<void> {
    const ends = this.open.map((client) => client.then((one) => one.end()).catch(() => undefined));
    await within(Promise.all(ends), 1_000, REAL_TIME);
  }
}
