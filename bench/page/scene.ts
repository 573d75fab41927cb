import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../examples/host/embedded/postgres.js';
import { createTestDatabase } from '../../test/support/database.js';
import { eventually } from '../../test/support/eventually.js';
import { HostUnderAttack } from '../../tools/doors/host-under-attack.js';
import { brokerKind, startBroker } from '../../tools/faults/parts/broker.js';
import type { Cleanup } from '../../tools/faults/parts/cleanup.js';
import { BareProcess } from '../../tools/probes/bare-process.js';
import { FloodProcess } from '../../tools/probes/flood-process.js';
import { seedFloodedMatches } from '../../tools/probes/flooded-matches.js';
import { Paints } from './paints.js';
import { Questions } from './questions.js';

const TOPIC = 'page/test';
const SECRET = 'page-internal-secret';
/** as in examples/pm2 */
const HEAP_MB = 2_048;
const WARM_SECONDS = 4;
const ASK_TIMEOUT_MS = 10_000;

/** The example host with 500 matches, somebody who reads its page, and a server that only answers. */
export class Scene {
  private constructor(
    private readonly cleanup: Cleanup,
    private readonly brokerUrl: string,
    readonly host: HostUnderAttack,
    readonly questions: Questions,
    readonly paints: Paints,
    /** host:port of the server that only answers */
    readonly bare: string,
  ) {}

  static async set(cleanup: Cleanup): Promise<Scene> {
    const postgres = await startEmbeddedPostgres();
    cleanup.add(() => postgres.stop());
    process.env.DATABASE_URL = postgres.url;
    const database = await createTestDatabase();
    await seedFloodedMatches(database.url);
    const logs = mkdtempSync(join(tmpdir(), 'livescore-page-'));
    const broker = await startBroker(brokerKind(), 'for-the-window', join(logs, 'broker.log'));
    cleanup.add(() => broker.stop());
    const variables = {
      DATABASE_URL: database.url,
      MQTT_URL: broker.url,
      MQTT_TOPIC: TOPIC,
      LIVESCORE_INTERNAL_SECRET: SECRET,
      LIVESCORE_OPERATIONS_SECRET: SECRET,
      PORT: '0',
      REDIS_URL: '',
    };
    const host = await HostUnderAttack.start('examples/host/main.js', variables, HEAP_MB);
    cleanup.add(async () => void (await host.end()));
    const bare = await BareProcess.start();
    cleanup.add(() => bare.stop());
    const paints = await Paints.start(SECRET);
    cleanup.add(() => paints.stop());
    return new Scene(cleanup, broker.url, host, new Questions(host.address, SECRET), paints, bare.address);
  }

  /** A flood past its first seconds, which are the compiler's. */
  async flood(rate: number): Promise<FloodProcess> {
    const flood = FloodProcess.start(this.brokerUrl, TOPIC, rate);
    this.cleanup.add(() => flood.stop());
    await eventually(() => flood.frames > WARM_SECONDS * rate, { what: 'the flood', timeoutMs: 60_000 });
    return flood;
  }

  /** Of the newest 1,000 scores, from receipt to the sockets, ms. */
  async scoreP50Ms(): Promise<number> {
    const answer = await fetch(`http://${this.host.address}/metrics/latency`, {
      headers: { 'x-internal-secret': SECRET },
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    const { data } = (await answer.json()) as { readonly data: { readonly stats: { readonly p50: number | null } } };
    const { p50 } = data.stats;
    if (p50 === null) throw new Error('the host has measured no score');
    return p50;
  }
}
