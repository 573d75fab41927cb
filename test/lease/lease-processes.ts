import { Logger } from '@nestjs/common';
import { EventLog } from '../../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { resolveLeaseOptions } from '../../src/lease/lease.options.js';
import { LeaseHolder } from '../../src/lease/lease-holder.js';
import type { Acquisition } from '../../src/lease/ports/lease-store.js';
import { InMemoryLease, InMemoryLeaseStore } from '../../src/testing/index.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';

/** A way to the lease that takes time: before the statement takes effect, and before its answer arrives. */
export class SlowLeaseStore extends InMemoryLeaseStore {
  constructor(
    lease: InMemoryLease,
    private readonly time: VirtualTime,
    private readonly delayMs: () => number,
  ) {
    super(lease);
  }

  override acquire(holder: string, ttlMs: number, reclaim: boolean): Promise<Acquisition> {
    return this.slowly(() => super.acquire(holder, ttlMs, reclaim));
  }

  override renew(holder: string, fence: number, ttlMs: number): Promise<boolean> {
    return this.slowly(() => super.renew(holder, fence, ttlMs));
  }

  override release(holder: string, fence: number): Promise<void> {
    return this.slowly(() => super.release(holder, fence));
  }

  private async slowly<T>(statement: () => Promise<T>): Promise<T> {
    await this.pass();
    const result = await statement();
    await this.pass();
    return result;
  }

  private pass(): Promise<void> {
    const delayMs = this.delayMs();
    return delayMs > 0 ? new Promise((resolve) => void this.time.after(delayMs, resolve)) : Promise.resolve();
  }
}

export interface ProcessOptions {
  readonly fault?: InMemoryLeaseStore['fault'];
  /** @default true */
  readonly bootstrap?: boolean;
  /** what its clocks are off, ms */
  readonly clockOffMs?: number;
  readonly delayMs?: () => number;
  readonly chance?: () => number;
}

export interface LeaseProcess {
  readonly holder: LeaseHolder;
  readonly store: InMemoryLeaseStore;
  /** fences of the terms told, null for none */
  readonly told: (number | null)[];
  metric(name: string): Promise<number>;
}

/** Processes on one lease, on virtual time, each with clocks of its own. */
export class LeaseProcesses {
  readonly time = new VirtualTime();
  readonly lease = new InMemoryLease(new VirtualClock(this.time));

  constructor() {
    Logger.overrideLogger(false);
  }

  start(name: string, options: ProcessOptions = {}): LeaseProcess {
    const { fault = null, bootstrap = true, clockOffMs = 0, delayMs = () => 0, chance } = options;
    const store = new SlowLeaseStore(this.lease, this.time, delayMs);
    store.fault = fault;
    const metrics = new LiveScoreMetrics();
    const holder = new LeaseHolder(
      resolveLeaseOptions({ holder: name }),
      store,
      new VirtualScheduler(this.time, chance, clockOffMs),
      new EventLog(new VirtualClock(this.time, 1_700_000_000_000 + clockOffMs)),
      metrics,
    );
    const told: (number | null)[] = [];
    holder.terms$.subscribe((term) => told.push(term?.fence ?? null));
    if (bootstrap) holder.onApplicationBootstrap();
    const metric = async (wanted: string) => {
      const { values } = (await metrics.registry.getSingleMetric(wanted)?.get()) ?? { values: [] };
      return values.reduce((sum, { value }) => sum + value, 0);
    };
    return { holder, store, told, metric };
  }

  /** The process is gone: its statements never arrive any more. */
  kill({ store }: LeaseProcess): void {
    store.fault = 'refused';
  }

  async stop({ holder }: LeaseProcess): Promise<void> {
    let stopped = false;
    const stopping = holder.onApplicationShutdown().then(() => {
      stopped = true;
    });
    for (let ms = 0; !stopped && ms <= 1_000; ms += 50) await this.advance(stopped ? 0 : 50);
    await stopping;
  }

  advance(ms: number, afterEach?: () => void): Promise<void> {
    return this.time.advance(ms, afterEach);
  }
}
