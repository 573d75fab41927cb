import { HostProcess, type HostSettings } from '../../faults/parts/host-process.js';
import { PostgresProxy } from '../../faults/parts/postgres-proxy.js';
import { steadyPort } from '../../faults/parts/steady-port.js';
import { SlowProxy } from './slow-proxy.js';

/** Short times: what they are does not change what must hold. */
const TIMES = {
  leaseTtlMs: 2_000,
  keepaliveS: 3,
  restLagMs: 1_000,
  recoveryIntervalMs: 2_000,
  recoverySilenceMs: 3_000,
};

export interface SeatPlan {
  readonly name: string;
  /** as in NODE_APP_INSTANCE */
  readonly instance: number;
  /** serves clients only: it never takes the feed */
  readonly isGateway: boolean;
}

export interface Surroundings {
  readonly databaseUrl: string;
  readonly mqttUrl: string;
  readonly redisPort: number | null;
  readonly logFile: string;
}

/** The place of one host: its process comes and goes, its ports stay. It reaches database and Redis through proxies of its own. */
export class Seat {
  private current: HostProcess | null = null;

  private constructor(
    readonly plan: SeatPlan,
    private readonly around: Surroundings,
    private readonly port: number,
    readonly statements: PostgresProxy,
    readonly bus: SlowProxy | null,
  ) {}

  static async prepare(plan: SeatPlan, around: Surroundings): Promise<Seat> {
    const server = new URL(around.databaseUrl);
    const statements = new PostgresProxy({ host: server.hostname, port: Number(server.port || 5432) });
    await statements.open();
    const bus = around.redisPort === null ? null : new SlowProxy({ host: '127.0.0.1', port: around.redisPort });
    await bus?.open();
    return new Seat(plan, around, await steadyPort(), statements, bus);
  }

  /** `ws://127.0.0.1:PORT` */
  get address(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get host(): HostProcess {
    if (!this.current) throw new Error(`${this.plan.name} was never started`);
    return this.current;
  }

  get isUp(): boolean {
    return this.current !== null && !this.current.exited;
  }

  /** @param withBus false: it is not told of Redis */
  async start(withBus = true): Promise<void> {
    const { plan, port, around } = this;
    const host = HostProcess.launch(
      plan.name,
      { instance: plan.instance, port },
      this.settings(withBus),
      around.logFile,
    );
    this.current = host;
    await host.ready();
  }

  async stop(): Promise<void> {
    await this.current?.killNow();
    await this.statements.refuse();
    await this.bus?.refuse();
  }

  private settings(withBus: boolean): HostSettings {
    const { around, plan, statements, bus } = this;
    const databaseUrl = Object.assign(new URL(around.databaseUrl), { host: `127.0.0.1:${statements.port}` }).href;
    const redis = withBus && bus ? { REDIS_BUS_URL: `redis://127.0.0.1:${bus.port}` } : { REDIS_BUS_URL: '' };
    const role = plan.isGateway ? { LIVESCORE_ROLE: 'gateway' } : { LIVESCORE_ROLE: '' };
    return { ...TIMES, databaseUrl, mqttUrl: around.mqttUrl, provider: null, variables: { ...redis, ...role } };
  }
}
