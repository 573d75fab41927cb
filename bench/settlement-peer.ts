import { Client, escapeLiteral } from 'pg';
import type { SettledMatch } from './settlement-matches.js';

const TAKE_BACK = `
  WITH results AS (
    UPDATE ai_predictions p SET result = 'pending', final_score = NULL, result_reason = NULL, resulted_at = NULL,
      updated_at = now()
    WHERE p.match_id = $1 AND p.result <> 'pending'
    RETURNING p.id)
  DELETE FROM bench_history h USING results r WHERE h.prediction_id = r.id`;

/** Settling by hand: the texts with their verdicts are known, one statement writes results and a simple history. */
export class SettlementPeer {
  private constructor(private readonly sql: Client) {}

  static async connect(url: string): Promise<SettlementPeer> {
    const sql = new Client(url);
    await sql.connect();
    return new SettlementPeer(sql);
  }

  async warm(match: SettledMatch): Promise<void> {
    await this.run(match, 'nobody');
  }

  /** @returns ms until the commit */
  async settle(match: SettledMatch): Promise<number> {
    const startedAt = performance.now();
    await this.run(match, match.matchId);
    return performance.now() - startedAt;
  }

  async takeBack({ matchId }: SettledMatch): Promise<void> {
    await this.sql.query({ name: 'take_back', text: TAKE_BACK, values: [matchId] });
  }

  close(): Promise<void> {
    return this.sql.end();
  }

  private async run(match: SettledMatch, matchId: string): Promise<void> {
    const name = `settle_${match.matchId}`;
    await this.sql.query({ name, text: settleSql(match), values: [matchId, `${match.after.home}-0`] });
  }
}

function settleSql({ texts, decidedTexts }: SettledMatch): string {
  const verdicts = texts.slice(0, decidedTexts).map((text, n) => {
    const [result, reason] = n % 2 === 0 ? ['won', 'instant_win_ms'] : ['lost', 'instant_loss_ms'];
    return `(${escapeLiteral(text)}, '${result}', '${reason}')`;
  });
  return `
    WITH results AS (
      UPDATE ai_predictions p SET result = v.result, final_score = $2, result_reason = v.reason, resulted_at = now(),
        updated_at = now()
      FROM (VALUES ${verdicts.join(', ')}) AS v (text, result, reason)
      WHERE p.match_id = $1 AND p.result = 'pending' AND p.prediction = v.text
      RETURNING p.id, p.result, p.final_score)
    INSERT INTO bench_history (prediction_id, result, score, at) SELECT id, result, final_score, now() FROM results`;
}
