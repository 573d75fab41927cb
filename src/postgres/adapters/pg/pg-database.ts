import { Logger } from '@nestjs/common';
import pg, { type Pool, type PoolConfig } from 'pg';
import type { PoolFacts } from '../../../contracts/health-facts.js';
import { logFields } from '../../../kernel/log-fields.js';
import { type Answer, Database, type Statement } from '../../database.js';
import type { ResolvedPostgresOptions } from '../../postgres.options.js';
import { sqlState } from '../../sql-state.js';
import { JoinedSocket } from './joined-socket.js';
import { PgLane } from './pg-lane.js';
import { SchemaNames } from './schema-names.js';
import { sendQuery } from './send-query.js';
import { SilentConnections } from './silent-connections.js';

/** Named statements refused: another client's name, or a name the next server connection does not know. */
const NAMES_REFUSED = new Set(['42P05', '26000']);
const LASTING_PLANS =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off -c max_parallel_workers_per_gather=0';
/** Before a firewall forgets a quiet connection. */
const KEEP_ALIVE_AFTER_MS = 30_000;
/** The server's own timeout comes first: its answer is worth more than silence. */
const CLIENT_GRACE_MS = 2_000;
/** Start-up parameters refused. */
const PARAMETERS_REFUSED = '08P01';

/**
 * A small pool of node-postgres connections.
 *
 * `named` → (refused by a pooler) → `unnamed`, once and for good. While named, connections carry start-up parameters:
 * the statement timeout; `plan_cache_mode=force_generic_plan`, without which a batch statement is planned anew at
 * every execution; `enable_seqscan=off`, because such a plan outlives the table it was made for: one made while the
 * journal was empty would read all of it for every match, later; and neither compiler nor parallel workers, which take
 * longer to begin than any statement of ours to end.
 */
export class PgDatabase extends Database {
  private readonly logger = new Logger(PgDatabase.name);
  private named: boolean;
  private pool: Pool;
  private closing: Promise<unknown> | null = null;
  /** statements of the named pool: it must not end before they are answered, else those that wait for a connection hang */
  private namedRuns = 0;
  private namedAtRest: () => void = () => {};
  private retired: Promise<void> = Promise.resolve();
  private readonly silent: SilentConnections;
  private readonly lane: PgLane;
  private readonly names: SchemaNames;

  /** @param schema of the tables; without it the role's search path decides */
  constructor(
    private readonly connection: PoolConfig,
    private readonly options: ResolvedPostgresOptions,
    schema = options.schema,
  ) {
    super();
    this.names = new SchemaNames(schema);
    this.silent = new SilentConnections(connection);
    this.lane = new PgLane(() => this.pool, this.silent);
    this.named = options.preparedStatements === 'auto';
    this.pool = this.createPool();
  }

  /** Are statements still sent with names? False behind a transaction pooler. */
  get preparesStatements(): boolean {
    return this.named;
  }

  override connections(): PoolFacts {
    const { totalCount, idleCount, waitingCount: waiting } = this.pool;
    const active = Math.max(0, totalCount - idleCount - (this.lane.rests ? 1 : 0));
    return { active, total: this.options.poolSize, waiting };
  }

  override query<Row>(given: Statement, values: readonly unknown[]): Promise<readonly Row[]> {
    const { name, text } = this.names.in(given);
    return this.attempt((named) => this.onAnyConnection<Row>(text, named ? name : undefined, values));
  }

  private async onAnyConnection<Row>(
    text: string,
    name: string | undefined,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    this.silent.sent(client);
    try {
      return (await sendQuery(client, text, name, values)).rows as Row[];
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      this.silent.answered(client);
      client.release(failure);
    }
  }

  override queryOnDedicatedConnection<Row>(given: Statement, values: readonly unknown[]): Promise<Answer<Row>> {
    const statement = this.names.in(given);
    return this.attempt((named) => this.lane.run<Row>(statement, named ? statement.name : undefined, values));
  }

  async close(): Promise<void> {
    this.silent.stop();
    this.closing ??= this.lane.close().then(() => Promise.all([this.pool.end(), this.retired]));
    await this.closing;
  }

  /** Runs a statement, and once more without a name when a pooler refused it. */
  private async attempt<T>(run: (named: boolean) => Promise<T>): Promise<T> {
    if (!this.named) return run(false);
    this.namedRuns += 1;
    try {
      return await run(true);
    } catch (error) {
      if (!this.refusedByPooler(error)) throw error;
      // several statements may be refused at the same time: the first one switches
      if (this.named) this.stopNaming(error);
    } finally {
      this.namedRuns -= 1;
      if (this.namedRuns === 0) this.namedAtRest();
    }
    return run(false);
  }

  private refusedByPooler(error: unknown): boolean {
    const code = sqlState(error);
    return code !== null && (NAMES_REFUSED.has(code) || code === PARAMETERS_REFUSED);
  }

  private stopNaming(error: unknown): void {
    this.named = false;
    const refused = this.pool;
    this.pool = this.createPool();
    const atRest = new Promise<void>((resolve) => {
      this.namedAtRest = resolve;
    });
    this.retired = atRest
      .then(() => refused.end())
      .catch((cause: unknown) => this.logger.warn('Closing refused connections failed', logFields({ cause })));
    this.logger.log('Transaction pooler found: statements are sent without names from now on', {
      code: sqlState(error),
    });
  }

  private createPool(): Pool {
    const { poolSize, statementTimeoutMs, connectTimeoutMs } = this.options;
    const { options } = this.connection;
    const pool = new pg.Pool({
      application_name: 'livescore',
      stream: () => new JoinedSocket(),
      ...this.connection,
      max: poolSize,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: statementTimeoutMs + CLIENT_GRACE_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      ...(this.named
        ? { statement_timeout: statementTimeoutMs, options: [options, LASTING_PLANS].filter(Boolean).join(' ') }
        : { statement_timeout: false, options }),
    });
    // One that breaks in the very moment it is handed out: nobody listens yet, and its first statement will say so.
    pool.on('connect', (client) => client.on('error', () => {}));
    pool.on('error', (error) => {
      if (!this.closing) this.logger.warn('An idle database connection broke', { code: sqlState(error) });
    });
    return pool;
  }
}
