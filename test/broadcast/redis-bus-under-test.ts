import { RedisBroadcastBus, type RedisBusServices } from '../../src/broadcast/adapters/redis/redis-broadcast-bus.js';
import type { RedisBusOptions } from '../../src/broadcast/broadcast.options.js';
import type { Told } from '../../src/broadcast/ports/told.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { eventually } from '../support/eventually.js';

/** A bus as the module makes it, with ears. */
export class RedisBusUnderTest {
  readonly metrics = new LiveScoreMetrics();
  readonly bus: RedisBroadcastBus;
  readonly heard: Told[] = [];
  connections = 0;

  constructor(options: Required<RedisBusOptions>, services: Partial<RedisBusServices> = {}) {
    this.bus = new RedisBroadcastBus(options, {
      scheduler: new SystemScheduler(),
      metrics: this.metrics,
      ...services,
    });
    this.bus.told$.subscribe((told) => void this.heard.push(...told));
    this.bus.connected$.subscribe(() => void this.connections++);
  }

  get versions(): readonly (number | undefined)[] {
    return this.heard.map(({ version }) => version?.position.version);
  }

  async start(): Promise<void> {
    await this.bus.onModuleInit();
    this.bus.onApplicationBootstrap();
  }

  async startConnected(): Promise<void> {
    await this.start();
    await this.untilConnected();
  }

  async untilConnected(connections = 1): Promise<void> {
    await eventually(() => this.bus.isConnected && this.connections >= connections, { what: 'a connected bus' });
  }

  async count(direction: 'in' | 'out', result: string): Promise<number> {
    const { values } = await this.metrics.busMessages.get();
    return values.find(({ labels }) => labels.direction === direction && labels.result === result)?.value ?? 0;
  }
}
