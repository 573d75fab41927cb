import { Logger } from '@nestjs/common';
import pg, { type PoolClient, type PoolConfig } from 'pg';
import { Poller } from '../../../kernel/poller.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import { REAL_TIME } from '../../../kernel/scheduler.js';
import { sqlState } from '../../sql-state.js';
import { withCatalogNames } from './catalog-names.js';

const LOOK_EVERY_MS = 500;
/** A statement that is not answered by then is asked about. */
const SUSPECT_AFTER_MS = 1_000;
/** For the question: a server that cannot say anything in that time is not there. */
const ANSWER_WITHIN_MS = 1_400;
/** A connection that waits for its client for that long has answered: the answer was lost. */
const STATE_OF =
  withCatalogNames(`SELECT state = 'idle' AND (clock_timestamp() - state_change) > interval '500 milliseconds' AS "isDone"
FROM pg_catalog.pg_stat_activity
WHERE pid = $1::integer AND application_name = pg_catalog.current_setting('application_name')`);

interface Connection {
  /** of the statement that it runs; null: it rests */
  sinceMs: number | null;
}

type Verdict = 'works' | 'lost';

/**
 * Finds connections whose other end is gone without a word, which a client alone would know after minutes. While a statement is not
 * answered for a second the server is asked about it on a new connection: no answer within 1.4 s, or that it has nothing to
 * do for us, and the silent connection is given up. One that works on the statement is left alone, however long it takes.
 */
export class SilentConnections {
  private readonly logger = new Logger('PgDatabase');
  /** those that ran a statement lately */
  private readonly connections = new Map<PoolClient, Connection>();
  private readonly poller: Poller;

  /** @param giveUp ends a connection; its statement fails */
  constructor(
    private readonly connection: PoolConfig,
    private readonly giveUp: (client: PoolClient) => void = (client) => void end(client),
  ) {
    const warning = new SampledWarning(this.logger, 'Silent database connections cannot be looked for');
    this.poller = new Poller(REAL_TIME, { everyMs: LOOK_EVERY_MS, turn: () => this.look(), warning });
  }

  /** A statement is sent. */
  sent(client: PoolClient): void {
    const sinceMs = REAL_TIME.monotonicMs();
    const known = this.connections.get(client);
    if (known) known.sinceMs = sinceMs;
    else this.connections.set(client, { sinceMs });
    this.poller.start();
  }

  /** It was answered, or failed. */
  answered(client: PoolClient): void {
    const known = this.connections.get(client);
    if (known) known.sinceMs = null;
  }

  stop(): void {
    void this.poller.stop();
  }

  private async look(): Promise<void> {
    const suspects = new Map<PoolClient, number>();
    for (const [client, { sinceMs }] of this.connections) {
      if (sinceMs === null) this.connections.delete(client);
      else if (REAL_TIME.monotonicMs() - sinceMs >= SUSPECT_AFTER_MS) suspects.set(client, sinceMs);
    }
    if (suspects.size === 0) return;
    for (const client of await this.lostOf([...suspects.keys()])) {
      if (this.connections.get(client)?.sinceMs !== suspects.get(client)) continue;
      this.connections.delete(client);
      this.logger.warn('A database connection does not answer and is given up');
      this.giveUp(client);
    }
  }

  private async lostOf(clients: readonly PoolClient[]): Promise<readonly PoolClient[]> {
    const asker = new pg.Client({
      application_name: 'livescore',
      ...this.connection,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
    });
    asker.on('error', () => {});
    try {
      await asker.connect();
      const verdicts = await Promise.all(clients.map((client) => verdictOn(client, asker)));
      return clients.filter((_, n) => verdicts[n] === 'lost');
    } catch (error) {
      // a server that refuses is there
      return sqlState(error)?.length === 5 && !/^E/.test(sqlState(error) ?? '') ? [] : clients;
    } finally {
      void end(asker);
    }
  }
}

/** Behind a pooler the process id is nobody's: then nothing is known. */
async function verdictOn(client: PoolClient, asker: pg.Client): Promise<Verdict> {
  const { processID } = client as PoolClient & { readonly processID?: number | null };
  const { rows } = await asker.query<{ isDone: boolean | null }>(STATE_OF, [processID ?? null]);
  return rows[0]?.isDone === true ? 'lost' : 'works';
}

/** Also a client in the middle of a statement, whose socket is closed at once. */
async function end(client: { end(): Promise<void> }): Promise<void> {
  await client.end().catch(() => undefined);
}
