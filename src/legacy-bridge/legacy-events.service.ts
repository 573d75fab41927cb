import { EventEmitter } from 'node:events';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit, Optional } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { type Committed, CommittedChanges } from '../contracts/committed-changes.js';
import { guardedCall } from '../kernel/guarded-call.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { changedColumns } from './changed-columns.js';
import { LegacyOrchestrator, type MatchUpdated } from './ports/legacy-orchestrator.js';

const UPDATED = 'match:updated';
const MAX_WAITING = 10_000;
const EVENTS_PER_TURN = 50;

/**
 * The service publishes the events that listeners of the platform's orchestrator know: `match:updated` (`MatchUpdated`)
 * after each commit of the direct path, in commit order per match, and those of the bound `LegacyOrchestrator`. Changes
 * by other writers are not told: whoever made them tells of them.
 *
 * Told in a later turn of the event loop than the commit, 50 at a time; at most 10,000 wait, the oldest give way with a
 * warning. A listener that throws or rejects is logged; the others hear the event all the same.
 */
@Injectable()
export class LegacyEvents extends EventEmitter implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(LegacyEvents.name);
  private readonly failures = new SampledWarning(this.logger, 'A listener of a match event failed');
  private readonly overflow = new SampledWarning(this.logger, 'Match events dropped: too many wait for listeners');
  private waiting: MatchUpdated[] = [];
  private cancel: Cancel | null = null;
  private subscription: Subscription | undefined;

  constructor(
    private readonly changes: CommittedChanges,
    private readonly scheduler: Scheduler,
    @Optional() private readonly legacy?: LegacyOrchestrator,
  ) {
    super();
  }

  onModuleInit(): void {
    this.subscription ??= this.changes.batches$.subscribe((batch) => this.take(batch));
    guardedCall(
      () => this.legacy?.on?.(UPDATED, (event) => void this.emit(UPDATED, event)),
      (error) => this.warn(UPDATED, error),
    );
  }

  /** The last commits are told before the application ends. */
  onApplicationShutdown(): void {
    this.subscription?.unsubscribe();
    this.cancel?.();
    this.cancel = null;
    this.tell(this.waiting.splice(0));
  }

  /** Like that of any emitter, but no listener can stop the others or the caller. */
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    const listeners = this.rawListeners(event);
    const failed = (error: unknown) => this.warn(event, error);
    for (const listener of listeners) guardedCall(() => Reflect.apply(listener, this, args), failed);
    return listeners.length > 0;
  }

  private take(batch: readonly Committed[]): void {
    if (this.listenerCount(UPDATED) === 0) return;
    for (const change of batch) {
      const event = toEvent(change);
      if (event) this.waiting.push(event);
    }
    if (this.waiting.length > MAX_WAITING) {
      const dropped = this.waiting.splice(0, this.waiting.length - MAX_WAITING).length;
      this.overflow.warn({ dropped });
    }
    this.schedule();
  }

  private schedule(): void {
    if (this.waiting.length === 0 || this.cancel) return;
    this.cancel = this.scheduler.after(0, () => {
      this.cancel = null;
      this.tell(this.waiting.splice(0, EVENTS_PER_TURN));
      this.schedule();
    });
  }

  private tell(events: readonly MatchUpdated[]): void {
    for (const event of events) this.emit(UPDATED, event);
  }

  private warn(event: string | symbol, error: unknown): void {
    this.failures.warn({ event: String(event), error: error instanceof Error ? error.message : String(error) });
  }
}

function toEvent(change: Committed): MatchUpdated | null {
  if (change.kind === 'incidents') return { matchId: change.matchId, fields: ['incidents'], source: 'mqtt' };
  if (change.kind === 'minute') return { matchId: change.matchId, fields: ['minute'], source: 'computed' };
  if (change.source === 'foreign') return null;
  const fields = changedColumns(change.before, change.after);
  return fields.length > 0 ? { matchId: change.matchId, fields, source: change.source } : null;
}
