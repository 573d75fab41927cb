import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { Cleanup } from '../faults/parts/cleanup.js';
import { HostSlot } from '../faults/parts/host-slot.js';
import { MatchDatabase } from '../faults/parts/match-database.js';
import { Mosquitto } from '../faults/parts/mosquitto.js';
import { MqttProxy } from '../faults/parts/mqtt-proxy.js';
import { PostgresProxy } from '../faults/parts/postgres-proxy.js';
import { steadyPort } from '../faults/parts/steady-port.js';
import { DetailRows } from './checks/stored-details.js';
import { CommitProbe } from './commit-probe.js';
import { Deliveries } from './deliveries.js';
import { Publisher } from './publisher.js';

/** Production's own times, but for the keepalive: short, so that a pump that stands still is noticed in an outage. */
const TIMES = {
  keepaliveS: 10,
  leaseTtlMs: 6_000,
  restLagMs: 30_000,
  recoveryIntervalMs: 30_000,
  recoverySilenceMs: 30_000,
};
/** nobody answers for the feed: what it loses stays lost */
const NO_PROVIDER = { url: '', user: '', secret: '' };

/** A broker, a database and one host of its own, with proxies between them, and a screen. */
export interface Stage {
  readonly deliveries: Deliveries;
  readonly brokerUrl: string;
  readonly feed: MqttProxy;
  readonly statements: PostgresProxy;
  readonly database: MatchDatabase;
  readonly details: DetailRows;
  readonly probe: CommitProbe;
  readonly publisher: Publisher;
  readonly slot: HostSlot;
  /** of the host */
  readonly port: number;
  readonly logDirectory: string;
}

/**
 * The host is not started yet.
 * @param variables of its environment
 */
export async function buildStage(cleanup: Cleanup, variables: NodeJS.ProcessEnv = {}): Promise<Stage> {
  const logDirectory = mkdtempSync(join(tmpdir(), 'livescore-soak-'));
  // as root, Mosquitto turns into its own user before it writes
  chmodSync(logDirectory, 0o777);
  const broker = await Mosquitto.start('for-the-window', join(logDirectory, 'broker.log'));
  cleanup.add(() => broker.stop());
  const database = await MatchDatabase.create();
  cleanup.add(() => database.drop());
  const details = new DetailRows(database.url);
  cleanup.add(() => details.close());
  const probe = new CommitProbe(database.url);
  cleanup.add(() => probe.close());
  const deliveries = new Deliveries();
  const feed = new MqttProxy({ host: '127.0.0.1', port: broker.port }, deliveries);
  await feed.open();
  cleanup.add(() => feed.refuse());
  const databaseUrl = new URL(database.url);
  const statements = new PostgresProxy({ host: databaseUrl.hostname, port: Number(databaseUrl.port || 5432) });
  await statements.open();
  cleanup.add(() => statements.refuse());
  databaseUrl.host = `127.0.0.1:${statements.port}`;
  const publisher = await Publisher.connect(broker.url, PROVIDER_TOPIC);
  cleanup.add(() => publisher.close());
  const port = await steadyPort();
  const slot = new HostSlot(
    'host',
    { instance: 0, port },
    {
      databaseUrl: databaseUrl.href,
      mqttUrl: `mqtt://127.0.0.1:${feed.port}`,
      provider: NO_PROVIDER,
      ...TIMES,
      variables,
    },
    join(logDirectory, 'host.log'),
  );
  cleanup.add(() => slot.stop());
  return {
    deliveries,
    brokerUrl: broker.url,
    feed,
    statements,
    database,
    details,
    probe,
    publisher,
    slot,
    port,
    logDirectory,
  };
}
