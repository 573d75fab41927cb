import { Injectable, Optional } from '@nestjs/common';
import { UpdateSink } from '../../contracts/update-sink.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import { Accounting } from '../../kernel/accounting.js';
import { unlessAborted, within } from '../../kernel/deadline.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { AwaitedFates } from '../../provider/ports/awaited-fates.js';

/** Longer than an outage that heals by itself: what is not settled then stays with the writer. */
const LONGEST_WAIT_MS = 30_000;

/** What became of the updates of one answer. */
export interface Pulled {
  readonly applied: number;
  /** matches without a row */
  readonly unknown: readonly string[];
  /** has every update its fate? */
  readonly isSettled: boolean;
}

/** Hands what the provider answered to whoever judges it, and waits until all of it has its fate. */
@Injectable()
export class PulledUpdates {
  constructor(
    private readonly accounting: Accounting,
    private readonly scheduler: Scheduler,
    @Optional() private readonly sink?: UpdateSink,
  ) {}

  /** @throws the signal's reason */
  async submit(updates: readonly MatchUpdate[], signal: AbortSignal): Promise<Pulled> {
    if (!this.sink || updates.length === 0) return { applied: 0, unknown: [], isSettled: true };
    const fates = new AwaitedFates(updates);
    this.accounting.received(updates.length);
    this.sink.submit(updates, fates);
    const settled = await unlessAborted(within(fates.complete, LONGEST_WAIT_MS, this.scheduler), signal);
    return { applied: fates.applied, unknown: fates.unknown, isSettled: settled === true };
  }
}
