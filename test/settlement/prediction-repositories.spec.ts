import { MatchStatus } from '../../src/domain/match-status.js';
import { PgPredictionRepository } from '../../src/settlement/adapters/pg/pg-prediction-repository.js';
import { InMemoryPredictionRepository } from '../../src/testing/index.js';
import { predictionRepositoryContract } from '../contracts/prediction-repository.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

const slots = (goals: number) => [goals, 0, 0, 0, 0, 0, 0] as const;

predictionRepositoryContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  // as in older databases
  await rows.sql.query('ALTER TABLE ai_predictions ALTER prediction_threshold DROP NOT NULL');
  return {
    repository: new PgPredictionRepository(rows.connection),
    predict: async (matchId, text, threshold) => {
      const { rows: made } = await rows.sql.query<{ id: string }>(
        `INSERT INTO ai_predictions (match_id, prediction, prediction_threshold, canonical_bot_name, home_team_name, away_team_name)
         VALUES ($1, $2, $3, 'bot', 'Home', 'Away') RETURNING id`,
        [matchId, text, threshold],
      );
      return made[0]!.id;
    },
    commit: async (matchId, version, home, away) => {
      await rows.sql.query(
        `INSERT INTO livescore_journal (match_id, epoch, version, source, after) VALUES ($1, 0, $2, 'mqtt', $3)`,
        [matchId, version, { status: 2, home: slots(home), away: slots(away), kickoffs: [null, null, null] }],
      );
    },
    resultOf: async (id) =>
      (await rows.sql.query('SELECT result FROM ai_predictions WHERE id = $1', [id])).rows[0].result,
    overwrite: async (id, result) => {
      await rows.sql.query('UPDATE ai_predictions SET result = $2 WHERE id = $1', [id, result]);
    },
    correct: async (id, text) => {
      await rows.sql.query('UPDATE ai_predictions SET prediction = $2 WHERE id = $1', [id, text]);
    },
    setFence: (fence) => rows.setFence(fence),
    setMode: async (mode) => {
      await rows.sql.query(`INSERT INTO livescore_setting (name, value) VALUES ('settlement_mode', $1)`, [mode]);
    },
    play: async (matchId) => {
      await rows.insert(matchId);
      await rows.sql.query(
        `UPDATE ts_matches SET incidents = '[{"type":3,"position":1,"time":7}]' WHERE external_id = $1`,
        [matchId],
      );
    },
    close: () => rows.close(),
  };
});

predictionRepositoryContract('the in-memory repository', async () => {
  const repository = new InMemoryPredictionRepository();
  repository.nowMs = Date.now();
  return {
    repository,
    predict: async (matchId, prediction, threshold) => {
      const id = `p${repository.predictions.length}`;
      const text = threshold === null ? null : threshold.toFixed(1);
      repository.predictions.push({
        id,
        matchId,
        prediction,
        threshold: text,
        createdAtMs: Date.now(),
        result: 'pending',
      });
      return id;
    },
    commit: async (matchId, version, home, away) => {
      const at = { epoch: 0, version, source: 'mqtt', status: MatchStatus.FirstHalf, providerTimeS: null };
      repository.commit(matchId, { ...at, home: slots(home), away: slots(away), atMs: Date.now() });
    },
    resultOf: async (id) => repository.predictions.find((row) => row.id === id)!.result,
    overwrite: async (id, result) => {
      repository.predictions.find((row) => row.id === id)!.result = result;
    },
    correct: async (id, text) => {
      repository.predictions.find((row) => row.id === id)!.prediction = text;
    },
    setFence: async (fence) => {
      repository.fence = fence;
    },
    setMode: async (mode) => {
      repository.mode = mode;
    },
    play: async (matchId) => void repository.played.add(matchId),
    close: async () => undefined,
  };
});
