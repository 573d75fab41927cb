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
  private firstTry: Promise<void> = Promise.resolve();
  private isReady = false;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  get ready(): boolean {
    return this.isReady;
  }

  /** Resolves when the first attempt is over, however it went. */
  get firstAttempt(): Promise<void> {
    return this.firstTry;
  }

  onApplicationBootstrap(): void {
    this.firstTry = this.attempt();
    this.connecting = this.firstTry.then(() => this.retryUntilReady());
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.connecting;
  }

  private async retryUntilReady(): Promise<void> {
    for (let waitMs = FIRST_RETRY_MS; !this.isReady; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
      await pause(waitMs, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      await this.attempt();
    }
  }

  private async attempt(): Promise<void> {
    try {
      if (!this.dataSource.isInitialized) await this.dataSource.initialize();
      await this.prepareTables();
      this.isReady = true;
      this.logger.log('Database ready');
    } catch (error) {
      this.logger.warn({ message: 'Database not reachable, trying again', reason: reasonOf(error) });
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
