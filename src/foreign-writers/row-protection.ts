import { Injectable, Logger } from '@nestjs/common';
import { pause, within } from '../kernel/deadline.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { ForeignWriteStore } from './ports/foreign-write-store.js';
import { MatchProtection } from './ports/match-protection.js';

const MAX_WAIT_MS = 1_000;
const ATTEMPTS = 10;
const PAUSE_MS = 100;
const MATCHES_PER_STATEMENT = 500;

/** Matches that are given away: those of one turn of the event loop go with one statement. */
@Injectable()
export class RowProtection extends MatchProtection {
  private readonly failures = new SampledWarning(new Logger('ForeignWriters'), 'Rows stay protected for a while');
  private collecting: { readonly matchIds: string[]; readonly cleared: Promise<unknown> } | null = null;

  constructor(
    private readonly store: ForeignWriteStore,
    private readonly scheduler: Scheduler,
  ) {
    super();
  }

  /** A database that does not answer keeps nobody from changing path: the protection ends by itself. */
  override async clear(matchId: string): Promise<void> {
    if (!this.collecting) {
      const matchIds: string[] = [];
      const cleared = Promise.resolve().then(() => this.clearAll(matchIds));
      this.collecting = { matchIds, cleared: within(cleared, MAX_WAIT_MS, this.scheduler) };
    }
    this.collecting.matchIds.push(matchId);
    await this.collecting.cleared;
  }

  private async clearAll(matchIds: readonly string[]): Promise<void> {
    this.collecting = null;
    try {
      for (let n = 0; n < matchIds.length; n += MATCHES_PER_STATEMENT) {
        await this.insist(matchIds.slice(n, n + MATCHES_PER_STATEMENT));
      }
    } catch (error) {
      this.failures.warn({ matches: matchIds.length, error: String(error) });
    }
  }

  /** A row that somebody has locked is asked for again; the others do not wait for it. */
  private async insist(matchIds: readonly string[]): Promise<void> {
    let left = await this.store.unprotect(matchIds);
    for (let attempt = 1; left.length > 0 && attempt < ATTEMPTS; attempt++) {
      await pause(PAUSE_MS, this.scheduler);
      left = await this.store.unprotect(left);
    }
    if (left.length > 0) this.failures.warn({ matches: left.length, error: 'locked by somebody else' });
  }
}
