import { join } from 'node:path';
import type { LiveScoreOptions, SyncOptions } from '../../../src/index.js';
import { ENTITIES } from '../../../src/sync/entity/list/index.js';
import type { ProviderStandIn } from '../../../src/testing/index.js';
import type { Budget } from '../options.js';
import type { ChaosDatabase } from './chaos-database.js';
import type { ChaosHostSettings, LiveAnswer, LiveQuestion } from './chaos-host.js';
import { Forked } from './forked.js';

const ENTRY = 'tools/sync/parts/chaos-host';
const RSS_EVERY_MS = 200;

/** What several hosts have in common. */
export interface HostPlace {
  readonly scenario: string;
  readonly database: ChaosDatabase;
  readonly provider: ProviderStandIn;
  readonly mqttUrl: string;
  readonly budget: Budget;
  readonly sync: SyncOptions;
  readonly logDirectory: string;
}

/** No entity runs by the clock: only the first time, and when asked. */
export const UNSCHEDULED: SyncOptions['jobs'] = Object.fromEntries(
  [...ENTITIES.map(({ name }) => name), 'team-data', 'team-logo'].map((name) => [
    name,
    { full: null, incremental: null },
  ]),
);

/** Short waits, so that kills cost seconds: what must hold does not depend on them. */
export const QUICK: SyncOptions = { mode: 'on', jitterMs: 500, retryAfterMs: 2_000, takeOverAfterMs: 10_000 };

/** Hosts on one database, each a process of its own that comes and goes. */
export class HostPair {
  private readonly hosts: (Forked | null)[];
  private readonly launched: Forked[] = [];
  private readonly sampler: NodeJS.Timeout;
  private peakMb = 0;

  private constructor(
    private readonly place: HostPlace,
    count: number,
  ) {
    this.hosts = Array.from({ length: count }, () => null);
    this.sampler = setInterval(() => this.sample(), RSS_EVERY_MS);
  }

  static async start(place: HostPlace, count = 2): Promise<HostPair> {
    const pair = new HostPair(place, count);
    await Promise.all(pair.hosts.map((_, instance) => pair.startOne(instance)));
    return pair;
  }

  /** largest resident set of any of them so far */
  get peakRssMb(): number {
    return Math.round(this.peakMb);
  }

  /** hosts that ended on their own */
  get crashed(): readonly string[] {
    return this.launched.flatMap((host) => (host.crashed ? [host.name] : []));
  }

  /** what any of them said at level error */
  get errors(): readonly string[] {
    return this.launched.flatMap((host) => host.errors);
  }

  get living(): readonly Forked[] {
    return this.hosts.flatMap((host) => host ?? []);
  }

  rssMb(instance: number): number | null {
    return this.hosts[instance]?.rssMb() ?? null;
  }

  async startOne(instance: number): Promise<void> {
    const host = Forked.launch(`host ${instance}`, {
      entry: ENTRY,
      settings: { databaseUrl: this.place.database.url, options: this.options() } satisfies ChaosHostSettings,
      logFile: join(this.place.logDirectory, `${this.place.scenario}-${instance}.log`),
      variables: { NODE_APP_INSTANCE: String(instance), LIVESCORE_SYNC: this.place.sync.mode ?? 'off' },
    });
    this.hosts[instance] = host;
    this.launched.push(host);
    await host.ready();
  }

  /** Kills the process of that number. @returns which one it was, null when it is none of ours */
  async kill(pid: number): Promise<number | null> {
    const instance = this.hosts.findIndex((host) => host !== null && !host.exited && host.pid === pid);
    if (instance < 0) return null;
    await this.hosts[instance]?.kill();
    return instance;
  }

  askLive(instance: number): Promise<LiveAnswer> {
    const host = this.hosts[instance];
    if (!host) throw new Error(`There is no host ${instance}`);
    return host.ask<LiveAnswer>({ ask: 'live' } satisfies LiveQuestion);
  }

  async close(): Promise<void> {
    clearInterval(this.sampler);
    await Promise.all(this.living.map((host) => host.close()));
  }

  private sample(): void {
    for (const host of this.living) this.peakMb = Math.max(this.peakMb, host.rssMb() ?? 0);
  }

  private options(): LiveScoreOptions {
    const { provider, mqttUrl, budget, sync } = this.place;
    return {
      mqtt: { url: mqttUrl, topics: ['thesports/football/match/v1'] },
      provider: {
        baseUrl: provider.url,
        user: provider.user,
        secret: provider.secret,
        ...budget,
        pauseAfterLimitMs: 1_500,
        breakerOpenMs: 1_500,
      },
      lease: { ttlMs: 3_000 },
      sync,
    };
  }
}
