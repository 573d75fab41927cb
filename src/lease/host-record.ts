import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { HealthProbes } from '../contracts/health-probe.js';
import { HostKey } from '../contracts/host-key.js';
import { within } from '../kernel/deadline.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { ResolvedLeaseOptions } from './lease.options.js';
import { HostRows } from './ports/host-rows.js';

const EVERY_MS = 2_000;
const LONGEST_WAIT_MS = 1_000;

/**
 * The row of this process: what an operator cannot know from outside, its kill switch and highest stage, and the key that
 * lets him ask it. Written from bootstrap on every 2 s, deleted at shutdown; a database that is away is warned of in samples.
 */
@Injectable()
export class HostRecord extends HostKey implements OnApplicationBootstrap, OnApplicationShutdown {
  override readonly value = randomBytes(24).toString('base64url');
  private readonly poller: Poller;
  private readonly host: string;

  constructor(
    { holder }: ResolvedLeaseOptions,
    private readonly rows: HostRows,
    private readonly scheduler: Scheduler,
    @Optional() private readonly probes?: HealthProbes,
  ) {
    super();
    this.host = holder;
    const warning = new SampledWarning(new Logger(HostRecord.name), 'The row of this host could not be written');
    this.poller = new Poller(scheduler, { everyMs: EVERY_MS, turn: () => this.write(), warning });
  }

  onApplicationBootstrap(): void {
    this.poller.start();
    void this.poller.run();
  }

  /** The database is closed after this, its module being imported before ours. */
  async onApplicationShutdown(): Promise<void> {
    if (!this.poller.started) return;
    await this.poller.stop(LONGEST_WAIT_MS);
    const removed = this.rows.remove(this.host, this.value).catch(() => undefined);
    await within(removed, LONGEST_WAIT_MS, this.scheduler);
  }

  private async write(): Promise<void> {
    const { rollout, lease } = this.probes?.health() ?? {};
    await this.rows.write(this.host, this.value, { ...(rollout && { rollout }), ...(lease && { lease }) });
  }
}
