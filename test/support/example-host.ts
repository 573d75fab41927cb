import { Client } from 'pg';
import { readEnvironment } from '../../examples/host/environment.js';
import { type RunningHost, startHost } from '../../examples/host/start-host.js';
import { MqttFeedStatus } from '../../src/index.js';
import { runSql } from './database.js';
import { eventually } from './eventually.js';

export interface HostAddresses {
  readonly databaseUrl: string;
  readonly mqttUrl: string;
  /** @default memory */
  readonly redisUrl?: string | null;
  /** with the stand-in of the legacy path. @default false */
  readonly rollout?: boolean;
}

/** The example host in this process, on a free port, without log output. */
export function startExampleHost(addresses: HostAddresses): Promise<RunningHost> {
  const { databaseUrl, mqttUrl, redisUrl = null, rollout = false } = addresses;
  const environment = { ...readEnvironment({}), databaseUrl, mqttUrl, redisUrl, rollout, port: 0 };
  return startHost(environment, { logLevels: [] });
}

/** A start waits for the feed a while only, and a frame that is published before the subscription is lost. */
export async function takesTheFeed({ app }: Pick<RunningHost, 'app'>): Promise<void> {
  const feed = app.get(MqttFeedStatus, { strict: false });
  const isTaken = () => feed.connected && feed.topics.every((topic) => feed.grantedQos[topic] !== undefined);
  await eventually(isTaken, { what: 'the host to take the feed', timeoutMs: 50_000 });
}

/** A fixture row: not started, with named teams. */
export function seedMatch(databaseUrl: string, matchId: string): Promise<void> {
  return runSql(
    databaseUrl,
    `INSERT INTO ts_teams (external_id, name) VALUES ('${matchId}-h', '${matchId} home'), ('${matchId}-a', '${matchId} away');
     INSERT INTO ts_matches (external_id, status_id, match_time, home_team_id, away_team_id)
     VALUES ('${matchId}', 1, extract(epoch FROM now()) - 60, '${matchId}-h', '${matchId}-a')`,
  );
}

/** Rows of one query on a connection of its own. */
export async function rowsOf(databaseUrl: string, sql: string, values: readonly unknown[] = []) {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}
