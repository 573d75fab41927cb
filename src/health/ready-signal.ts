import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { ResolvedHealthOptions } from './health.options.js';
import { ParentProcess } from './parent-process.js';
import { Readiness } from './readiness.js';

const LOOK_EVERY_MS = 200;

/** What PM2 waits for with `wait_ready`. */
const READY = 'ready';

/**
 * The ready signal tells the process manager once that this process can serve; PM2 with `wait_ready` then ends the one before it.
 *
 * *idle* → bootstrap, with the option on → *looking*, 5 times a second: does {@link Readiness} say yes (the database answers and
 * has the package's tables), and does the HTTP server listen, where the application has one? → *told*. It never waits for feed or
 * lease. *looking* ends with the application, too.
 */
@Injectable()
export class ReadySignal implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ReadySignal.name);
  private readonly poller: Poller;
  private stopped = false;

  constructor(
    private readonly options: ResolvedHealthOptions,
    private readonly readiness: Readiness,
    private readonly parent: ParentProcess,
    scheduler: Scheduler,
    @Optional() private readonly http?: HttpAdapterHost,
  ) {
    const warning = new SampledWarning(this.logger, 'It could not be looked whether the process is ready');
    this.poller = new Poller(scheduler, { everyMs: LOOK_EVERY_MS, turn: () => this.look(), warning });
  }

  onApplicationBootstrap(): void {
    if (this.options.readySignal && !this.stopped) this.poller.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    await this.poller.stop();
  }

  private async look(): Promise<void> {
    if (!this.listens) return;
    const { ok } = await this.readiness.report();
    // the application may have begun to end meanwhile
    if (!ok || !this.poller.started) return;
    await this.poller.stop();
    if (this.parent.tell(READY)) this.logger.log('The process manager was told that the process is ready');
  }

  /** True for an application without HTTP. */
  private get listens(): boolean {
    const server: { readonly listening?: boolean } | undefined = this.http?.httpAdapter?.getHttpServer();
    return server?.listening ?? true;
  }
}
