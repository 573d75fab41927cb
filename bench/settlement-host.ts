import type { INestApplicationContext } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommittedChanges, type ScoreCommitted } from '../src/contracts/committed-changes.js';
import { SettledPredictions } from '../src/contracts/settled-predictions.js';
import { UpdateSink } from '../src/contracts/update-sink.js';
import { Database } from '../src/postgres/database.js';
import { PostgresModule } from '../src/postgres/postgres.module.js';
import { ScoreWriterModule } from '../src/score-writer/score-writer.module.js';
import { PredictionRepository, type SettlementStep } from '../src/settlement/ports/prediction-repository.js';
import { SettlementModule } from '../src/settlement/settlement.module.js';
import { SettlementDrive } from '../src/settlement/settlement-drive.js';
import { emptyRow } from '../src/testing/in-memory-score-row.js';
import type { SettlementDatabase } from './settlement-database.js';
import type { SettledMatch } from './settlement-matches.js';

export interface SettlementTimes {
  /** from the commit of the journal row to the commit of the verdicts */
  readonly totalMs: number;
  /** the statement that writes, alone */
  readonly writeMs: number;
  /** from the commit of the journal row to the listeners */
  readonly toldMs: number;
  readonly settled: number;
}

/** Writer and settlement in one process, as a host has them. */
export class SettlementHost {
  private readonly drive: SettlementDrive;
  private readonly repository: PredictionRepository;
  private readonly changes: CommittedChanges;
  private readonly written = { atMs: 0, tookMs: 0 };

  private constructor(
    private readonly app: INestApplicationContext,
    private readonly database: SettlementDatabase,
  ) {
    this.drive = app.get(SettlementDrive, { strict: false });
    this.changes = app.get(CommittedChanges, { strict: false });
    this.repository = app.get(PredictionRepository, { strict: false });
    const write = this.repository.write.bind(this.repository);
    this.repository.write = (step) => this.timed(() => write(step));
  }

  static async start(database: SettlementDatabase): Promise<SettlementHost> {
    @Module({
      imports: [
        PostgresModule.forRoot({ connection: database.url }),
        ScoreWriterModule.forRoot({}),
        SettlementModule.forRoot({ mode: 'on' }),
      ],
    })
    class HostModule {}
    return new SettlementHost(await NestFactory.createApplicationContext(HostModule, { logger: false }), database);
  }

  get sink(): UpdateSink {
    return this.app.get(UpdateSink, { strict: false });
  }

  /** Settles what lies there. */
  look(): Promise<void> {
    return this.drive.look();
  }

  /** Plans of statements are made again after a VACUUM: not while anything is timed. */
  async warm({ matchId }: SettledMatch): Promise<void> {
    const [match] = await this.repository.read([matchId], 'on');
    if (!match?.sofar) throw new Error(`${matchId} was never looked at`);
    const { path, words, heard, predictions } = match.sofar;
    const step = {
      matchId,
      expected: -1,
      path,
      words,
      heard,
      predictions,
      nextAtMs: null,
      mode: 'on',
      cause: 'goal',
      fence: null,
    };
    await this.repository.write({ ...step, decidedAtMs: 0, rulings: [], isNewest: true } as SettlementStep);
  }

  /** Commits a version of the match, and waits until what it decides is settled. */
  async settle(match: SettledMatch, standing: SettledMatch['after']): Promise<SettlementTimes> {
    await this.database.commit(match, standing);
    const committedAtMs = performance.now();
    const settled = await this.toldAfter(() => this.publish(match.matchId));
    const toldMs = performance.now() - committedAtMs;
    return { totalMs: this.written.atMs - committedAtMs, writeMs: this.written.tookMs, toldMs, settled };
  }

  /** What a commit of a match costs here. */
  publish(matchId: string): void {
    this.changes.publish([commitOf(matchId)]);
  }

  async readMs(matchId: string): Promise<number> {
    const startedAt = performance.now();
    await this.repository.read([matchId], 'on');
    return performance.now() - startedAt;
  }

  /** One round trip on the same connection. */
  async roundTripMs(): Promise<number> {
    const startedAt = performance.now();
    await this.app.get(Database, { strict: false }).query({ name: 'bench_nothing', text: 'SELECT 1' }, []);
    return performance.now() - startedAt;
  }

  close(): Promise<void> {
    return this.app.close();
  }

  private async timed<T>(work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const answer = await work();
    this.written.atMs = performance.now();
    this.written.tookMs = this.written.atMs - startedAt;
    return answer;
  }

  private toldAfter(work: () => void): Promise<number> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('Nothing was settled')), 30_000);
      const { batches$ } = this.app.get(SettledPredictions, { strict: false });
      const listening = batches$.subscribe((batch) => {
        clearTimeout(late);
        listening.unsubscribe();
        resolve(batch.length);
      });
      work();
    });
  }
}

function commitOf(matchId: string): ScoreCommitted {
  const state = emptyRow(matchId);
  const nowMs = Date.now();
  return {
    kind: 'score',
    matchId,
    epoch: 0,
    version: 2,
    source: 'mqtt',
    before: state,
    after: state,
    events: [],
    catchUp: false,
    receivedAtMs: nowMs,
    committedAtMs: nowMs,
  };
}
