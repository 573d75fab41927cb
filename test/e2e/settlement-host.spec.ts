import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import { LiveListeners } from '../../src/broadcast/ports/live-listeners.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { chromiumPath, launchBrowser } from '../support/browser.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch, startExampleHost, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

/** A half-time right now is no early one. */
const kickoffS = Math.floor(Date.now() / 1000) - 2_820;
const score = (id: string, home: number, away: number, status = 2, half = [0, 0]) => [
  id,
  status,
  [home, half[0], 0, 0, 1, 0, 0],
  [away, half[1], 0, 0, 2, 0, 0],
  kickoffS,
];
const MANY = 10_000;

describe('settlement, from broker to screen', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let host: RunningHost;
  let publisher: MqttClient;
  let screen: WsTestClient;

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    host = await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url });
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await takesTheFeed(host);
  });
  afterAll(async () => {
    await publisher.endAsync();
    await host.close();
    await broker.stop();
    await database.drop();
  });
  beforeEach(async () => {
    screen = await WsTestClient.connect(`${host.url.replace('http', 'ws')}/ws`);
  });
  afterEach(() => screen.close());

  const publish = (message: unknown) => publisher.publishAsync(PROVIDER_TOPIC, JSON.stringify(message));
  const told = (matchId: string, type: string) =>
    screen.frames.filter((frame) => frame.matchId === matchId && frame.type === type);
  const predict = (matchId: string, text: string, count = 1) =>
    runSql(
      database.url,
      `INSERT INTO ai_predictions (match_id, prediction, canonical_bot_name, home_team_name, away_team_name)
       SELECT '${matchId}', '${text}', 'bot', 'Home', 'Away' FROM generate_series(1, ${count})`,
    );

  it('tells the win on the goal once, and what a VAR takes back in a frame that counts nothing', async () => {
    await seedMatch(database.url, 'var');
    await predict('var', 'MS 0.5 ÜST');
    await publish(score('var', 0, 0));
    await publish(score('var', 1, 0));
    await eventually(() => told('var', 'PREDICTION_SETTLED').length === 1, { what: 'the win' });
    expect(told('var', 'PREDICTION_SETTLED')[0]).toMatchObject({
      botName: 'bot',
      prediction: 'MS 0.5 ÜST',
      result: 'won',
      resultReason: 'instant_win_ms',
      homeTeam: 'Home',
      awayTeam: 'Away',
      finalScore: '1-0',
      revision: 1,
      certainty: 1,
      timestamp: expect.any(Number),
    });
    await publish(score('var', 0, 0));
    await eventually(() => told('var', 'PREDICTION_UPDATED').length === 1, { what: 'the reversal' });
    expect(told('var', 'PREDICTION_UPDATED')[0]).toMatchObject({ result: 'pending', revision: 2, cause: 'var' });
    await publish(score('var', 0, 1));
    await eventually(() => told('var', 'PREDICTION_UPDATED').length === 2, { what: 'the second win' });
    expect(told('var', 'PREDICTION_SETTLED')).toHaveLength(1);
  });

  it('settles nothing for a score that is refused', async () => {
    await seedMatch(database.url, 'late');
    await predict('late', 'IY 0.5 ÜST');
    await publish(score('late', 0, 0, 3));
    await eventually(() => told('late', 'PREDICTION_SETTLED').length === 1, { what: 'half-time' });
    await publish(score('late', 1, 0, 2));
    await publish(score('late', 1, 0, 4));
    await eventually(() => told('late', 'SCORE_CHANGE').length === 1, { what: 'the second half' });
    const rows = await rowsOf(database.url, `SELECT result FROM ai_predictions WHERE match_id = 'late'`);
    expect(rows).toEqual([{ result: 'lost' }]);
  });

  it(`tells ${MANY} verdicts at once: a client that reads is not cut off, and scores pass between them`, async () => {
    await seedMatch(database.url, 'many');
    await seedMatch(database.url, 'other');
    await predict('many', 'MS 0.5 ÜST', MANY);
    await publish(score('many', 0, 0));
    await publish(score('other', 0, 0));
    await eventually(() => told('other', 'MATCH_STATE_CHANGE').length === 1, { what: 'the kick-offs' });
    // a client has much unread until the score is through: each slice waits a moment, however slow the database is
    const isThrough = () => told('other', 'SCORE_CHANGE').length > 0;
    const unread = jest.spyOn(host.app.get(LiveListeners, { strict: false }), 'mostUnreadBytes', 'get');
    unread.mockImplementation(() => (isThrough() ? 0 : Number.POSITIVE_INFINITY));
    await publish(score('many', 1, 0));
    await eventually(() => told('many', 'PREDICTION_SETTLED').length > 0, {
      what: 'the first verdict',
      timeoutMs: 60_000,
    });
    await publish(score('other', 0, 1));
    await eventually(isThrough, { what: 'the score' });
    unread.mockRestore();
    await eventually(() => told('many', 'PREDICTION_SETTLED').length === MANY, { what: 'all', timeoutMs: 60_000 });
    const order = screen.frames.findIndex(({ matchId, type }) => matchId === 'other' && type === 'SCORE_CHANGE');
    const last = screen.frames.findLastIndex(({ type }) => type === 'PREDICTION_SETTLED');
    expect(order).toBeGreaterThan(-1);
    expect(order).toBeLessThan(last);
    expect(new Set(told('many', 'PREDICTION_SETTLED').map(({ predictionId }) => predictionId)).size).toBe(MANY);
  }, 180_000);

  const executablePath = chromiumPath();
  if (!executablePath) {
    it('is NOT looked at on the page: no Chromium on this machine (install it or set CHROMIUM_PATH)', () => {
      expect(chromiumPath()).toBeNull();
    });
    return;
  }
  it('shows on the page how a goal settles a prediction, and how a VAR takes it back', async () => {
    await seedMatch(database.url, 'page');
    await predict('page', 'MS 0.5 ÜST');
    const browser = await launchBrowser(executablePath);
    try {
      const page = await browser.newPage();
      await page.goto(host.url);
      await publish(score('page', 0, 0));
      const card = page.locator('article[data-match-id="page"]');
      await card.waitFor();
      await publish(score('page', 1, 0));
      await card.locator('li[data-result="won"]', { hasText: 'MS 0.5 ÜST won 1-0' }).waitFor();
      await publish(score('page', 0, 0));
      await card.locator('li[data-result="pending"]', { hasText: 'MS 0.5 ÜST open again' }).waitFor();
    } finally {
      await browser.close();
    }
  }, 180_000);
});
