import type { Client } from 'pg';
import { openDatabase } from '../../postgres/adapters/pg/open-database.js';
import type { Environment } from '../command.js';
import { secretsOf } from '../host-answer.js';
import { reasonTold } from '../reason-told.js';
import { readDatabase } from './read-database.js';
import { type Counted, readHost } from './read-host.js';
import type { WatchView } from './watch-view.js';

/** A host that started anew has another key. */
const SECRETS_EVERY_MS = 10_000;

/**
 * Looks at host and database. Whichever cannot be asked is told by its reason, and asked again with the next look: it may come
 * back. One connection, as long as it holds.
 */
export class WatchSource {
  private client: Client | null = null;
  private counted: Counted | null = null;
  private secrets: readonly string[] = [];
  private secretsAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly host: URL,
    private readonly env: Environment,
  ) {}

  /** Never rejects for what cannot be asked. */
  async look(): Promise<WatchView> {
    const [host, database] = await Promise.all([this.lookAtHost(), this.lookAtDatabase()]);
    return { at: new Date().toISOString(), host, database };
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => {});
  }

  private async lookAtHost(): Promise<WatchView['host']> {
    try {
      const { view, counted, isOpen } = await readHost(this.host, await this.knownSecrets(), this.counted);
      this.counted = counted;
      if (!isOpen && this.secretsAtMs < performance.now() - SECRETS_EVERY_MS) {
        this.secretsAtMs = Number.NEGATIVE_INFINITY;
      }
      return view;
    } catch (error) {
      this.counted = null;
      return { unknown: reasonTold(error) };
    }
  }

  private async knownSecrets(): Promise<readonly string[]> {
    if (this.secretsAtMs === Number.NEGATIVE_INFINITY) {
      this.secretsAtMs = performance.now();
      this.secrets = await secretsOf(this.env);
    }
    return this.secrets;
  }

  private async lookAtDatabase(): Promise<WatchView['database']> {
    const { DATABASE_URL: url } = this.env;
    if (!url) return { unknown: 'DATABASE_URL is not set: matches, changes and lease are not shown' };
    try {
      this.client ??= await openDatabase(url);
      return await readDatabase(this.client);
    } catch (error) {
      await this.close();
      return { unknown: reasonTold(error) };
    }
  }
}
