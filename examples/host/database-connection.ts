import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { runLivescoreMigrations } from '../../migrations/index.js';
import { platformSchemaSql } from '../../src/testing/index.js';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/**
 * Connects the host's DataSource in the background, so that a database that is down at boot never ends the process:
 * `connecting → ready`, with retries for ever (0.5 s doubling to 10 s). Creates the platform's tables on an empty
 * database, then applies the package's migrations.
 */
@Injectable()
export class DatabaseConnection implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DatabaseConnection.name);
  private readonly stopping = new AbortController();
  private connecting: Promise<void> = Promise.resolve();
  private isReady = false;
  private finished = 0;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  get ready(): boolean {
    return this.isReady;
  }

  /** attempts that are over, the successful one included */
  get attempts(): number {
    return this.finished;
  }

  onApplicationBootstrap(): void {
    this.connecting = this.connectUntilReady();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.connecting;
  }

  private async connectUntilReady(): Promise<void> {
    let waitMs = FIRST_RETRY_MS;
    while (!this.stopping.signal.aborted) {
      this.isReady = await this.attempt();
      this.finished += 1;
      if (this.isReady) return;
      await pause(waitMs, this.stopping.signal);
      waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
    }
  }

  private async attempt(): Promise<boolean> {
    try {
      if (!this.dataSource.isInitialized) await this.dataSource.initialize();
      await this.prepareTables();
      this.logger.log('Database ready');
      return true;
    } catch (error) {
      this.logger.warn({ message: 'Database not reachable, trying again', reason: reasonOf(error) });
      return false;
    }
  }

  private async prepareTables(): Promise<void> {
    const found = await this.dataSource.query(`SELECT to_regclass('ts_matches') IS NOT NULL AS present`);
    if (!found[0].present) await this.dataSource.query(platformSchemaSql);
    await runLivescoreMigrations(this.dataSource);
  }
}

/** Resolves after the time or at the abort, whichever is first. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

/** A refused connection to `localhost` is an AggregateError without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
