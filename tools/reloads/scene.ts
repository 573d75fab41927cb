import { join } from 'node:path';
import { packageRoot } from '../../examples/host/package-root.js';
import { type ProviderStandIn, startProviderStandIn } from '../../src/testing/index.js';
import { eventually } from '../../test/support/eventually.js';
import { nginxInstalled, startNginx } from '../../test/support/nginx.js';
import { type Broker, brokerKind, startBroker } from '../faults/parts/broker.js';
import type { Cleanup } from '../faults/parts/cleanup.js';
import { MatchDatabase } from '../faults/parts/match-database.js';
import { steadyPort } from '../faults/parts/steady-port.js';
import type { Mode } from './options.js';
import { Pm2 } from './parts/pm2.js';

export const ECOSYSTEM = join(packageRoot(), 'examples', 'pm2', 'ecosystem.config.cjs');

const LEASE_TIMEOUT_MS = 60_000;
const PROVIDER = { cacheAgeMs: 300, unrelatedMatches: 20 };

/** Broker, database and provider of our own, and PM2 that is to run hosts between them. */
export class Scene {
  private constructor(
    readonly broker: Broker,
    readonly database: MatchDatabase,
    readonly provider: ProviderStandIn,
    readonly ports: readonly number[],
    readonly pm2: Pm2,
    /** http://127.0.0.1:port; null where there is one host, or no nginx */
    readonly proxyUrl: string | null,
  ) {}

  static async build(mode: Mode, logDirectory: string, cleanup: Cleanup): Promise<Scene> {
    const broker = await startBroker(brokerKind(), 'for-the-window', join(logDirectory, `broker-${mode}.log`));
    cleanup.add(() => broker.stop());
    const database = await MatchDatabase.create();
    cleanup.add(() => database.drop());
    const provider = await startProviderStandIn();
    cleanup.add(() => provider.close());
    provider.behave(PROVIDER);
    const ports = await portsOf(mode);
    const pm2 = new Pm2({
      ...hostVariables(database, broker, provider),
      PM2_MODE: mode === 'loop' ? 'fork' : mode,
      PORT: String(ports[0]),
    });
    cleanup.add(() => pm2.kill());
    return new Scene(broker, database, provider, ports, pm2, await proxyBefore(ports, cleanup));
  }

  /** Starts the hosts and waits until one of them takes the feed. */
  async start(): Promise<void> {
    await this.pm2.run(['start', ECOSYSTEM]);
    await eventually(() => this.database.lease(), { what: 'a host to take the feed', timeoutMs: LEASE_TIMEOUT_MS });
  }

  /** One after the other, as docs/deploy.md says. */
  async reload(): Promise<void> {
    await this.pm2.run(['reload', ECOSYSTEM, '--update-env'], { PM2_CONCURRENT_ACTIONS: '1' });
  }
}

function hostVariables(database: MatchDatabase, broker: Broker, provider: ProviderStandIn): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: database.url,
    MQTT_URL: broker.url,
    MQTT_QOS: '1',
    REST_LAG_MS: '1000',
    RECOVERY_INTERVAL_MS: '2000',
    RECOVERY_SILENCE_MS: '3000',
    THESPORTS_API_URL: provider.url,
    THESPORTS_API_USER: provider.user,
    THESPORTS_API_SECRET: provider.secret,
    REDIS_URL: '',
  };
}

/** The second host listens on the next port. */
async function portsOf(mode: Mode): Promise<readonly number[]> {
  const port = await steadyPort();
  return mode === 'pair' ? [port, port + 1] : [port];
}

/** nginx as docs/deploy.md has it. */
async function proxyBefore(ports: readonly number[], cleanup: Cleanup): Promise<string | null> {
  const [one, other] = ports.map((port) => `http://127.0.0.1:${port}`);
  if (!one || !other || !nginxInstalled()) return null;
  const nginx = await startNginx([one, other], join('docs', 'deploy.md'));
  cleanup.add(() => nginx.stop());
  return nginx.url;
}
