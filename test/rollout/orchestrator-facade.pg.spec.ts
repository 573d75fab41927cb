import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { Client } from 'pg';
import { LegacyCallersModule } from '../../src/legacy-bridge/legacy-callers.module.js';
import { OrchestratorFacade } from '../../src/legacy-bridge/orchestrator-facade.service.js';
import type { FieldUpdate, MatchUpdated, UpdateResult } from '../../src/legacy-bridge/ports/legacy-orchestrator.js';
import { MatchDetailsModule } from '../../src/match-details/match-details.module.js';
import { PostgresModule } from '../../src/postgres/postgres.module.js';
import { ScoreWriterModule } from '../../src/score-writer/score-writer.module.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

let match: string;
let matches = 0;

describe('updateMatch on PostgreSQL', () => {
  let database: TestDatabase;
  let sql: Client;
  let app: TestingModule;
  let orchestrator: OrchestratorFacade;

  beforeAll(async () => {
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    app = await Test.createTestingModule({
      imports: [
        PostgresModule.forRoot({ connection: database.url }),
        ScoreWriterModule.forRoot({}),
        MatchDetailsModule,
        LegacyCallersModule,
      ],
    }).compile();
    await app.init();
    orchestrator = app.get(OrchestratorFacade);
  });
  afterAll(async () => {
    await app.close();
    await sql.end();
    await database.drop();
  });

  beforeEach(async () => {
    match = `match-${++matches}`;
    await sql.query(
      `INSERT INTO ts_matches (external_id, status_id, status_id_source, home_scores, away_scores, match_time)
       VALUES ($1, 2, 'api', '[0,0,0,0,2,0,0]', '[0,0,0,0,0,0,0]', extract(epoch FROM now())::bigint - 600)`,
      [match],
    );
  });

  const row = async (): Promise<Record<string, unknown>> =>
    (await sql.query('SELECT * FROM ts_matches WHERE external_id = $1', [match])).rows[0];

  function call(fields: Readonly<Record<string, unknown>>, source: FieldUpdate['source']): Promise<UpdateResult> {
    const timestamp = Math.floor(Date.now() / 1000);
    const updates = Object.entries(fields).map(([field, value]) => ({ field, value, source, priority: 3, timestamp }));
    return orchestrator.updateMatch(match, updates, 'mqtt');
  }

  it('writes what the queue sends of a goal, incidents included, which lost the whole update before', async () => {
    const heard: MatchUpdated[] = [];
    orchestrator.on('match:updated', (event) => heard.push(event as MatchUpdated));
    const goal = { type: 1, position: 1, time: 10, player_id: 'p1', home_score: 1, away_score: 0 };
    const answer = await call(
      {
        home_score_display: 1,
        away_score_display: 0,
        home_score_regular: 1,
        away_score_regular: 0,
        incidents: [goal],
        statistics: { corners: { home: 2, away: 0 } },
        minute: 10,
        last_event_ts: Math.floor(Date.now() / 1000),
      },
      'mqtt',
    );
    expect(answer).toEqual({
      status: 'success',
      fieldsUpdated: ['home_score_regular', 'home_score_display', 'incidents', 'statistics'],
    });
    expect(await row()).toMatchObject({
      home_scores: [1, 0, 0, 0, 2, 0, 0],
      home_score_display: 1,
      home_score_regular: 1,
      home_score_source: 'mqtt',
      status_id: 2,
      status_id_source: 'api',
      incidents: [goal],
      statistics: { corners: { home: 2, away: 0 } },
    });
    const scored = await eventually(() => heard.find(({ fields }) => fields.includes('home_score_display')), {
      what: 'match:updated',
    });
    expect(scored).toMatchObject({ matchId: match, source: 'mqtt' });
  });

  it('answers incidents alone', async () => {
    const card = { type: 3, position: 2, time: 40 };
    expect(await call({ incidents: [card] }, 'api')).toEqual({ status: 'success', fieldsUpdated: ['incidents'] });
    expect(await call({ incidents: [card] }, 'api')).toMatchObject({ status: 'rejected' });
    expect(await row()).toMatchObject({ incidents: [card] });
  });

  it('of many callers at once keeps every field: nobody writes over another', async () => {
    const answers = await Promise.all([
      call({ home_corners: 3 }, 'mqtt'),
      call({ home_score_display: 1 }, 'mqtt'),
      call({ away_yellow_cards: 1 }, 'mqtt'),
      call({ status_id: 3 }, 'mqtt'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(4).fill('success'));
    expect(await row()).toMatchObject({
      home_scores: [1, 0, 0, 0, 3, 0, 0],
      away_scores: [0, 0, 0, 1, 0, 0, 0],
      status_id: 3,
    });
  });
});
