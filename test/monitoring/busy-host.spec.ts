import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import { LiveScoreMetrics } from '../../src/index.js';
import { Retention } from '../../src/retention/retention.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { seedMatch, startExampleHost, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { WsTestClient } from '../support/ws-client.js';
import { kindsIn, metricKinds } from './monitoring-files.js';

guardAgainstLeaks();

const MATCHES = 40;
/** Of each label that is not the bound of a bucket. */
const MOST_VALUES = 40;
const kickoffS = Math.floor(Date.now() / 1000) - 600;
const score = (id: string, home: number) => [id, 2, [home, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 2, 0, 0], kickoffS];

/** label → values, over all metrics */
function labelsIn(scrape: string): ReadonlyMap<string, ReadonlySet<string>> {
  const labels = new Map<string, Set<string>>();
  for (const [, name = '', value = ''] of scrape.matchAll(/[{,](\w+)="((?:[^"\\]|\\.)*)"/g)) {
    labels.set(name, (labels.get(name) ?? new Set()).add(value));
  }
  return labels;
}

describe('the metrics of a busy host', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let host: RunningHost;
  let publisher: MqttClient;
  let screen: WsTestClient;
  let scrape: string;

  const metrics = () => host.app.get(LiveScoreMetrics, { strict: false }).registry.metrics();

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    host = await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url });
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await takesTheFeed(host);
    screen = await WsTestClient.connect(`${host.url.replace('http', 'ws')}/ws`);
    await beBusy();
    scrape = await metrics();
  }, 240_000);

  afterAll(async () => {
    screen?.close();
    await publisher.endAsync();
    await host.close();
    await broker.stop();
    await database.drop();
  });

  /** Goals of many matches, nonsense of all kinds, matches that nobody knows, and a turn of the retention. */
  async function beBusy(): Promise<void> {
    const publish = (message: unknown) => publisher.publishAsync(PROVIDER_TOPIC, JSON.stringify(message));
    const ids = Array.from({ length: MATCHES }, (_, n) => `busy-match-${n}`);
    for (const id of ids) await seedMatch(database.url, id);
    for (const goals of [0, 1, 2]) for (const id of ids) await publish(score(id, goals));
    for (const id of ids) await publish(score(`unknown-${id}`, 1));
    for (const id of ids) await publish({ [`kind-${id}`]: id });
    await publisher.publishAsync(PROVIDER_TOPIC, 'no JSON at all');
    // three goals of each match, and one of each that nobody knows
    const receivedIn = (text: string) => Number(/livescore_updates_received_total (\d+)/.exec(text)?.[1]);
    const isReceived = async () => receivedIn(await metrics()) >= 4 * MATCHES;
    await eventually(isReceived, { what: 'the goals to be received', timeoutMs: 60_000 });
    await eventually(async () => /livescore_updates_in_flight 0\n/.test(await metrics()), {
      what: 'the goals to be written',
      timeoutMs: 60_000,
    });
    await host.app.get(Retention, { strict: false }).round();
    await eventually(async () => /livescore_database_ready 1\n/.test(await metrics()), { what: 'a ready database' });
  }

  it('are those that dashboard and docs know', async () => {
    expect([...kindsIn(scrape)]).toEqual([...(await metricKinds())]);
  });

  it('count what happened', () => {
    expect(scrape).toMatch(/livescore_receive_to_commit_seconds_count [1-9]/);
    expect(scrape).toMatch(/livescore_ws_clients 1\n/);
    expect(scrape).toMatch(/livescore_database_ready 1\n/);
    expect(scrape).toMatch(/livescore_pool_connections_limit [1-9]/);
    expect(scrape).toMatch(/livescore_table_bytes\{table="livescore_journal"\} [1-9]/);
    expect(scrape).toMatch(/livescore_updates_unaccounted 0\n/);
  });

  it('have few values of each label, and none that names a match', () => {
    const labels = labelsIn(scrape);
    expect(labels.size).toBeGreaterThan(5);
    for (const [name, values] of labels) {
      expect([name, values.size <= MOST_VALUES]).toEqual([name, true]);
      for (const value of values) expect([name, value]).toEqual([name, expect.stringMatching(/^[\w+./: -]{1,60}$/)]);
      for (const value of values) expect([name, value]).not.toEqual([name, expect.stringMatching(/busy-match/)]);
    }
  });

  if (spawnSync('promtool', ['--version']).error) {
    it('are not held to the conventions: this machine has no promtool (apt-get install prometheus)', () => {
      expect(spawnSync('promtool', ['--version']).error).toMatchObject({ code: 'ENOENT' });
    });
  } else {
    it('keep the conventions of Prometheus', () => {
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: scrape,
        encoding: 'utf8',
      });
      expect([status, stdout + stderr]).toEqual([0, '']);
    });
  }
});
