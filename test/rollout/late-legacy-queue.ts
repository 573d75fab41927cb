import pg from 'pg';
import {
  type LegacyQueueItem,
  type LegacyQueueStats,
  LegacyScorePath,
} from '../../src/legacy-bridge/ports/legacy-score-path.js';

interface Parsed {
  readonly status: number;
  readonly home: { readonly score: number };
  readonly away: { readonly score: number };
}

/** A legacy path in plain SQL that writes when it is told to, and loses what it is told to lose. */
export class LateLegacyQueue extends LegacyScorePath {
  private readonly waiting = new Map<string, Parsed>();

  private constructor(private readonly sql: pg.Client) {
    super();
  }

  static async open(url: string): Promise<LateLegacyQueue> {
    const sql = new pg.Client(url);
    await sql.connect();
    return new LateLegacyQueue(sql);
  }

  override enqueue(matchId: string, { data }: LegacyQueueItem): void {
    this.waiting.set(matchId, data as Parsed);
  }

  /** Home goals of the newest item of the match. */
  goals(matchId: string): number | undefined {
    return this.waiting.get(matchId)?.home.score;
  }

  /** Nothing by itself: the spec decides when the path gets round to it. */
  override async flush(): Promise<void> {}

  /** Writes the newest it has of these matches, display and regular score and the status, as the platform does. */
  async write(...matchIds: readonly string[]): Promise<void> {
    for (const matchId of matchIds) {
      const parsed = this.waiting.get(matchId);
      if (!parsed) throw new Error(`The legacy path was told nothing of ${matchId}`);
      await this.sql.query(
        `UPDATE ts_matches SET home_score_display = $2, home_score_regular = $2, away_score_display = $3,
           away_score_regular = $3, status_id = $4 WHERE external_id = $1`,
        [matchId, parsed.home.score, parsed.away.score, parsed.status],
      );
    }
  }

  override getStats(): LegacyQueueStats {
    return { queueSize: this.waiting.size, batchSize: 10, flushIntervalMs: 100, isFlushing: false };
  }

  override stop(): void {}

  async close(): Promise<void> {
    await this.sql.end();
  }
}
