import type { INestApplicationContext } from '@nestjs/common';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type pg from 'pg';
import { type SettledPrediction, SettledPredictions } from '../../src/contracts/settled-predictions.js';
import { PostgresModule, SettlementModule, type SettlementOptions } from '../../src/index.js';
import { SettlementFollowUp } from '../../src/settlement/index.js';
import { SettlementDrive } from '../../src/settlement/settlement-drive.js';
import { PgScoreRows } from './pg-score-rows.js';

/** What a version of a match says: goals of regular time, and those of the half where half-time was reached. */
export interface Version {
  readonly status: number;
  readonly score?: readonly [home: number, away: number];
  readonly half?: readonly [home: number, away: number];
  readonly extra?: readonly [home: number, away: number];
  readonly source?: string;
  /** when it was committed, seconds before now; @default 60 */
  readonly secondsAgo?: number;
}

export interface Revision {
  readonly revision: number;
  readonly verdict: string;
  readonly result: string;
  readonly certainty: number;
  readonly reason: string;
  readonly cause: string;
  readonly basis: string | null;
}

/** The settlement module on a real database whose journal the spec writes itself. */
export class SettlementOnPostgres {
  readonly batches: (readonly SettledPrediction[])[] = [];
  private readonly versions = new Map<string, number>();

  private constructor(
    readonly rows: PgScoreRows,
    private readonly app: INestApplicationContext,
  ) {
    app.get(SettledPredictions).batches$.subscribe((batch) => this.batches.push(batch));
  }

  static async open(options: SettlementOptions = {}, followUp?: SettlementFollowUp, rows?: PgScoreRows) {
    const database = rows ?? (await PgScoreRows.open());
    const bound = followUp ? [{ provide: SettlementFollowUp, useValue: followUp }] : [];
    @Global()
    @Module({ providers: bound, exports: bound.map(({ provide }) => provide) })
    class Host {}
    @Module({
      imports: [
        Host,
        PostgresModule.forRoot({ connection: database.url }),
        SettlementModule.forRoot({ mode: 'on', sweepMs: 60_000, ...options }),
      ],
    })
    class HostModule {}
    const app = await NestFactory.createApplicationContext(HostModule, { logger: false, abortOnError: false });
    return new SettlementOnPostgres(database, app);
  }

  get sql(): pg.Client {
    return this.rows.sql;
  }

  get settled(): readonly SettledPrediction[] {
    return this.batches.flat();
  }

  /** @returns its id */
  async predict(matchId: string, text: string, threshold: number | null = 0.5): Promise<string> {
    const { rows } = await this.sql.query<{ id: string }>(
      `INSERT INTO ai_predictions (match_id, prediction, prediction_threshold, canonical_bot_name, home_team_name,
         away_team_name, created_at)
       VALUES ($1, $2, $3, 'bot', 'Home', 'Away', now() - interval '10 days') RETURNING id`,
      [matchId, text, threshold],
    );
    return rows[0]!.id;
  }

  /** Commits versions of the match, as the writer would. */
  async commit(matchId: string, ...changes: readonly Version[]): Promise<void> {
    for (const { status, score = [0, 0], half = [0, 0], extra = [0, 0], source = 'mqtt', secondsAgo = 60 } of changes) {
      const version = (this.versions.get(matchId) ?? 0) + 1;
      this.versions.set(matchId, version);
      const slots = (side: 0 | 1) => [score[side], half[side], 0, 0, 0, extra[side], 0];
      await this.sql.query(
        `INSERT INTO livescore_journal (match_id, epoch, version, source, after, committed_at)
         VALUES ($1, 0, $2, $3, $4, now() - $5 * interval '1 second')`,
        [
          matchId,
          version,
          source,
          { status, home: slots(0), away: slots(1), kickoffs: [null, null, null] },
          secondsAgo,
        ],
      );
    }
  }

  /** What is unsettled is settled when it resolves. */
  look(): Promise<void> {
    return this.app.get(SettlementDrive).look();
  }

  async resultOf(id: string): Promise<Record<string, unknown>> {
    const { rows } = await this.sql.query(
      'SELECT result, final_score, result_reason, resulted_at IS NOT NULL AS resulted FROM ai_predictions WHERE id = $1',
      [id],
    );
    return rows[0];
  }

  async revisionsOf(id: string, isShadow = false): Promise<readonly Revision[]> {
    const { rows } = await this.sql.query<Revision>(
      `SELECT revision, verdict, result, certainty, reason, cause, basis FROM livescore_settlement
       WHERE prediction_id = $1 AND is_shadow = $2 ORDER BY revision`,
      [id, isShadow],
    );
    return rows;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.rows.close();
  }

  /** Ends the process, and leaves the database to the next one. */
  async end(): Promise<PgScoreRows> {
    await this.app.close();
    return this.rows;
  }
}
