import { randomBytes } from 'node:crypto';
import { percentile } from '../statistics.js';
import { Child } from './child.js';
import type { CrowdCalls } from './crowd.js';
import { type FanOutDatabase, LIVE } from './fan-out-database.js';
import { comingBack } from './live-crowd.js';
import { middle, ratio, rotated } from './rounds.js';
import type { HostCalls } from './servers/host.js';
import type { ServerCalls } from './servers/run-server.js';
import { hostSettings } from './storm.js';

const GOALS = 20;
const LATE_MS = 10_000;
/** So that frames of one goal are with everybody before the next one. */
const US_PER_CLIENT = 30;

type Host = Child<ServerCalls & HostCalls>;

/** A process that serves, with its clients. */
interface Gateway {
  readonly host: Host;
  readonly crowd: Child<CrowdCalls>;
}

export interface TwoGateways {
  /** from the commit to the last of all clients */
  readonly lastP99Ms: { readonly one: number | null; readonly two: number | null; readonly ratio: number | null };
  readonly lastP50Ms: { readonly one: number | null; readonly two: number | null; readonly ratio: number | null };
  readonly invalid: readonly string[];
}

/** The same clients on one process, and on two that hear of commits by Redis. */
export class GatewayRounds {
  private readonly invalid: string[] = [];
  private readonly lastMs = { one: [] as number[][], two: [] as number[][] };

  private constructor(
    private readonly one: readonly Gateway[],
    private readonly two: readonly Gateway[],
    private readonly clients: number,
  ) {}

  static async start(
    databases: FanOutDatabase,
    redisUrl: string,
    kickoffS: number,
    clients: number,
    own: (end: () => Promise<void>) => void,
  ): Promise<GatewayRounds> {
    const redis = { url: redisUrl, channel: `livescore_fanout_${randomBytes(4).toString('hex')}` };
    const [alone, shared] = [await databases.create('alone'), await databases.create('shared')];
    const start = async (url: string, count: number, more: object = {}): Promise<Gateway> => {
      const host: Host = Child.start('servers/host', hostSettings(url, kickoffS, more));
      own(() => host.end());
      const crowd = Child.start<CrowdCalls>('crowd');
      own(() => crowd.end());
      await crowd.call('connect', comingBack(await host.call('port', {}), count));
      return { host, crowd };
    };
    const half = Math.ceil(clients / 2);
    const one = [await start(alone, clients)];
    const two = [await start(shared, half, { redis })];
    two.push(await start(shared, clients - half, { redis, role: 'gateway' }));
    return new GatewayRounds(one, two, clients);
  }

  async run(rounds: number): Promise<TwoGateways> {
    for (let round = -1; round < rounds; round++) {
      for (const name of rotated(['one', 'two'] as const, round + 1)) {
        const lastMs = await this.turn(name);
        if (round >= 0) this.lastMs[name].push(lastMs);
      }
    }
    const { invalid } = this;
    for (const { crowd } of [...this.one, ...this.two]) invalid.push(...(await crowd.call('lost', {})));
    return { lastP99Ms: this.compared(0.99), lastP50Ms: this.compared(0.5), invalid };
  }

  /** @returns of each goal: from its commit to the last client, ms */
  private async turn(name: 'one' | 'two'): Promise<number[]> {
    const gateways = this[name];
    for (const { crowd } of gateways) await crowd.call('expect', { frames: GOALS });
    const everyMs = Math.max(10, (this.clients * US_PER_CLIENT) / 1_000);
    const { toldAtMs } = await gateways[0]!.host.call('goals', { from: 0, to: LIVE, count: GOALS, everyMs });
    const parts: (readonly number[])[] = [];
    for (const { crowd } of gateways) {
      const missing = await crowd.call('allArrived', { timeoutMs: LATE_MS });
      if (missing > 0) this.invalid.push(`${name}: ${missing} frames never came`);
      parts.push((await crowd.call('latencies', { sentAtMs: toldAtMs })).lastMs);
    }
    return toldAtMs.map((_, goal) => Math.max(...parts.map((lastMs) => lastMs[goal] ?? 0)));
  }

  private compared(share: number) {
    const of = (name: 'one' | 'two') =>
      this.lastMs[name].map((lastMs) => percentile(Float64Array.from(lastMs).sort(), share) ?? 0);
    const [one, two] = [of('one'), of('two')];
    return { one: middle(one), two: middle(two), ratio: ratio(two, one) };
  }
}
