import type { ServerResponse } from 'node:http';
import { Controller, Get, Res, ServiceUnavailableException } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DatabaseConnection } from './database-connection.js';
import { SharedAnswer } from './shared-answer.js';

/** A prediction as the platform's REST clients read it. */
interface PredictionView {
  readonly predictionId: string;
  readonly matchId: string;
  readonly prediction: string;
  readonly result: 'won' | 'lost' | 'cancelled';
  readonly resultReason: string | null;
  readonly finalScore: string | null;
}

/** Of the matches on the page: those that are played, and that ended last. */
const SELECT = `
  SELECT p.id AS "predictionId", p.match_id AS "matchId", p.prediction, p.result, p.result_reason AS "resultReason",
         p.final_score AS "finalScore"
    FROM ts_matches m JOIN ai_predictions p ON p.match_id = m.external_id
   WHERE (m.status_id IN (2, 3, 4, 5, 7) OR (m.status_id = 8 AND m.updated_at > now() - interval '3 hours'))
     AND p.result <> 'pending'
   ORDER BY p.resulted_at DESC, p.id LIMIT 500`;

/** The predictions that were settled last. */
@Controller('api/predictions')
export class PredictionsController {
  private readonly settledList = new SharedAnswer(() => this.read());

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly database: DatabaseConnection,
  ) {}

  @Get()
  settled(@Res({ passthrough: true }) response: ServerResponse): Promise<string> {
    return this.settledList.to(response);
  }

  private async read(): Promise<readonly PredictionView[]> {
    if (!this.database.ready) throw new ServiceUnavailableException('The database is not reachable yet');
    return this.dataSource.query(SELECT);
  }
}
