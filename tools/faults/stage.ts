import { join } from 'node:path';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import { type ProviderStandIn, startProviderStandIn } from '../../src/testing/index.js';
import { eventually } from '../../test/support/eventually.js';
import type { FaultSetting } from './faults/fault-setting.js';
import { Ledger } from './model/ledger.js';
import { Truth } from './model/truth.js';
import { type Broker, type BrokerKind, startBroker } from './parts/broker.js';
import { Cleanup } from './parts/cleanup.js';
import type { HostProcess } from './parts/host-process.js';
import { HostSlot } from './parts/host-slot.js';
import { MatchDatabase } from './parts/match-database.js';
import { MqttProxy } from './parts/mqtt-proxy.js';
import { PostgresProxy } from './parts/postgres-proxy.js';
import { Publisher } from './parts/publisher.js';
import type { Screen } from './parts/screen.js';
import { steadyPort } from './parts/steady-port.js';

/** Short times, so that many rounds fit: what they are does not change what must hold. */
const TIMES = {
  leaseTtlMs: 2_000,
  keepaliveS: 3,
  restLagMs: 1_000,
  recoveryIntervalMs: 2_000,
  recoverySilenceMs: 3_000,
};
const PROVIDER_CACHE_MS = 300;
const UNRELATED_MATCHES = 20;

/** Everything one fault needs: its own broker, database and provider, and the hosts between proxies. */
export class Stage {
  /** told by the proxy; a fresh one for every round */
  ledger = new Ledger();

  private constructor(
    readonly broker: Broker,
    readonly feed: MqttProxy,
    readonly database: MatchDatabase,
    readonly statements: PostgresProxy,
    readonly provider: ProviderStandIn,
    readonly truth: Truth,
    readonly publisher: Publisher,
    readonly slots: readonly HostSlot[],
  ) {}

  static async build(fault: FaultSetting, kind: BrokerKind, logDirectory: string, cleanup: Cleanup): Promise<Stage> {
    const broker = await startBroker(kind, fault.queue ?? 'for-the-window', join(logDirectory, 'broker.log'));
    cleanup.add(() => broker.stop());
    const database = await MatchDatabase.create();
    cleanup.add(() => database.drop());
    const provider = await startProviderStandIn();
    cleanup.add(() => provider.close());
    provider.behave({ cacheAgeMs: PROVIDER_CACHE_MS, unrelatedMatches: UNRELATED_MATCHES });
    const feed = new MqttProxy(
      { host: '127.0.0.1', port: broker.port },
      {
        delivered: (payload, again) => stage.ledger.delivered(payload, again),
        acknowledged: (payload) => stage.ledger.acknowledged(payload),
        acknowledgedUnknown: (packetId) => stage.ledger.acknowledgedUnknown(packetId),
      },
    );
    await feed.open();
    cleanup.add(() => feed.refuse());
    const server = new URL(database.url);
    const statements = new PostgresProxy({ host: server.hostname, port: Number(server.port || 5432) });
    await statements.open();
    cleanup.add(() => statements.refuse());
    const publisher = await Publisher.connect(broker.url, PROVIDER_TOPIC);
    cleanup.add(() => publisher.close());
    const slots: HostSlot[] = [];
    for (let instance = 0; instance < (fault.hosts ?? 1); instance++) {
      const place = { instance, port: await steadyPort() };
      const logFile = join(logDirectory, `host-${instance}.log`);
      const slot = new HostSlot(`host ${instance}`, place, settings(feed, statements, database, provider), logFile);
      cleanup.add(() => slot.stop());
      slots.push(slot);
    }
    const stage: Stage = new Stage(broker, feed, database, statements, provider, new Truth(provider), publisher, slots);
    return stage;
  }

  /** The one host, or the first of several. */
  get slot(): HostSlot {
    return this.slots[0] as HostSlot;
  }

  get hosts(): readonly HostProcess[] {
    return this.slots.filter((slot) => slot.isUp).map((slot) => slot.host);
  }

  get screens(): readonly Screen[] {
    return this.slots.map((slot) => slot.screen);
  }

  /** Starts every host and waits until one of them takes the feed. */
  async start(): Promise<void> {
    await Promise.all(this.slots.map((slot) => slot.start()));
    await eventually(() => this.feed.sessions > 0, { what: 'a host to take the feed', timeoutMs: 20_000 });
  }

  /** The slot whose host holds the lease; null while nobody does. */
  async holder(): Promise<HostSlot | null> {
    const lease = await this.database.lease();
    return this.slots.find((slot) => lease?.holder.endsWith(`:${slot.instance}`)) ?? null;
  }
}

function settings(feed: MqttProxy, statements: PostgresProxy, database: MatchDatabase, provider: ProviderStandIn) {
  const databaseUrl = new URL(database.url);
  databaseUrl.host = `127.0.0.1:${statements.port}`;
  return {
    databaseUrl: databaseUrl.href,
    mqttUrl: `mqtt://127.0.0.1:${feed.port}`,
    provider: { url: provider.url, user: provider.user, secret: provider.secret },
    ...TIMES,
  };
}
