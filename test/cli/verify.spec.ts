import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningHost } from '../../examples/host/start-host.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { startExampleHost, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';
import { startWsRelay } from '../support/ws-relay.js';

guardAgainstLeaks();

const CUP = {
  name: 'Small Cup',
  matches: [
    { team1: 'A', team2: 'B', score: { ht: [1, 0], ft: [2, 1] } },
    { team1: 'C', team2: 'D', score: { ft: [0, 0], et: [1, 1], p: [2, 3] } },
  ],
};

interface Frame {
  readonly type: string;
  readonly time: number;
  readonly homeScore: number;
  readonly awayScore: number;
  readonly version: number;
}

/** The same again under its own version would be a repeat, as after a restart. */
const asAnotherVersion = (frame: Frame) => JSON.stringify({ ...frame, version: frame.version + 1 });

describe('replay --verify', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let host: RunningHost;
  let folder: string;
  let cup: string;

  beforeAll(async () => {
    [broker, database] = await Promise.all([startBroker(), createTestDatabase()]);
    host = await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url });
    await takesTheFeed(host);
    folder = mkdtempSync(join(tmpdir(), 'livescore-verify-'));
    cup = join(folder, 'cup.json');
    writeFileSync(cup, JSON.stringify(CUP));
  });

  afterAll(async () => {
    await host.close();
    await Promise.all([broker.stop(), database.drop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(() => runSql(database.url, 'DROP TRIGGER IF EXISTS zz_plant ON ts_matches'));

  const verify = (url: string) =>
    runCli(['replay', cup, '--verify', '--url', url], { DATABASE_URL: database.url, MQTT_URL: broker.url });

  const verifyThrough = async (rewrite: (frame: string) => readonly string[]) => {
    const relay = await startWsRelay(`${host.url.replace('http', 'ws')}/ws`, rewrite);
    try {
      return await verify(relay.url);
    } finally {
      await relay.close();
    }
  };

  /** Every final row is damaged on its way into the table. */
  const plant = (assignment: string) =>
    runSql(
      database.url,
      `CREATE OR REPLACE FUNCTION plant() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN IF NEW.status_id = 8 THEN ${assignment}; END IF; RETURN NEW; END $$;
       CREATE TRIGGER zz_plant BEFORE UPDATE ON ts_matches FOR EACH ROW EXECUTE FUNCTION plant()`,
    );

  /** The 2-1 of A - B. At full speed the goals of C - D may be shown together with its shoot-out: tell it by its time. */
  const isLastOfRegularTime = ({ type, time, homeScore, awayScore }: Frame) =>
    type === 'GOAL' && time < 90 && homeScore === 2 && awayScore === 1;

  const isOfExtraTime = ({ type, time }: Frame) => type === 'GOAL' && time > 90;

  it('finds nothing wrong where nothing is, also through a relay', async () => {
    const { exitCode, summary } = await verifyThrough((frame) => [frame]);
    expect(summary).toMatchObject({
      matches: 2,
      goals: 5,
      wrongRows: [],
      goalsAnnounced: 5,
      duplicateAnnouncements: 0,
    });
    expect(exitCode).toBe(0);
  });

  it('finds every column that is not as it must be', async () => {
    await plant(`
      NEW.home_corners := NEW.home_corners + 1;
      NEW.away_score_display := NEW.away_score_regular;
      NEW.home_scores := to_jsonb(NEW.home_scores::text);
      NEW.second_half_kickoff_ts := NULL;
      NEW.home_score_source := 'api';
      NEW.status_id_timestamp := NEW.status_id_timestamp * 1000`);
    const { exitCode, summary, stderr } = await verify(host.url);
    expect(exitCode).toBe(1);
    const columns = summary?.wrongRows.filter(({ teams }) => teams === 'C - D').map(({ column }) => column);
    expect(columns).toEqual(
      expect.arrayContaining([
        'home_corners',
        'away_score_display',
        'home_scores',
        'second_half_kickoff_ts',
        'home_score_source',
        'status_id_timestamp',
      ]),
    );
    expect(stderr).toContain('wrong: C - D');
  });

  it('finds a goal that no client was told of, and one that clients were told of twice', async () => {
    const { exitCode, summary } = await verifyThrough((frame) => {
      const read: Frame = JSON.parse(frame);
      if (isLastOfRegularTime(read)) return [];
      return isOfExtraTime(read) ? [frame, asAnotherVersion(read)] : [frame];
    });
    expect(summary).toMatchObject({ goals: 5, goalsAnnounced: 4 });
    expect(summary?.duplicateAnnouncements).toBeGreaterThan(0);
    expect(summary?.wrongRows).toContainEqual(
      expect.objectContaining({ teams: 'A - B', column: 'goals announced', expected: 3, actual: 2 }),
    );
    expect(exitCode).toBe(1);
  });

  it('cannot judge when the client lost its connection', async () => {
    const relay = await startWsRelay(`${host.url.replace('http', 'ws')}/nowhere`, (frame) => [frame]);
    const { exitCode, stderr } = await verify(relay.url);
    await relay.close();
    expect(stderr).toContain('WebSocket at ws://127.0.0.1');
    expect(exitCode).toBe(2);
  });
});
