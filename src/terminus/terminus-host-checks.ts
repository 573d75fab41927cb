import { Injectable } from '@nestjs/common';
import { type CheckState, HostChecks } from '../health/ports/host-checks.js';
import { within } from '../kernel/deadline.js';
import { Scheduler } from '../kernel/scheduler.js';
import { type HostCheck, TerminusAdapter } from './adapters/terminus/terminus-adapter.js';
import { ResolvedTerminusOptions } from './terminus.options.js';

/** Runs the host's checks through Terminus, however many ask at once: none runs twice at the same time, and a late one is down. */
@Injectable()
export class TerminusHostChecks extends HostChecks {
  private readonly running = new Map<string, Promise<CheckState>>();

  constructor(
    private readonly options: ResolvedTerminusOptions,
    private readonly terminus: TerminusAdapter,
    private readonly scheduler: Scheduler,
  ) {
    super();
  }

  override async run(): Promise<Readonly<Record<string, CheckState>>> {
    const { checks, checkTimeoutMs } = this.options;
    const states = Object.entries(checks).map(async ([name, check]) => {
      const state = await within(this.stateOf(name, check), checkTimeoutMs, this.scheduler);
      return [name, state ?? 'down'] as const;
    });
    return Object.fromEntries(await Promise.all(states));
  }

  private stateOf(name: string, check: HostCheck): Promise<CheckState> {
    const running = this.running.get(name);
    if (running) return running;
    const state = this.terminus.stateOf(check).finally(() => this.running.delete(name));
    this.running.set(name, state);
    return state;
  }
}
