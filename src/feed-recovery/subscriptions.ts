import { Inject, Injectable, Optional } from '@nestjs/common';
import { IngestLease } from '../contracts/ingest-lease.js';
import type { FeedSignal } from '../mqtt-ingest/ports/feed-signals.js';
import type { RecoveryTrigger } from './feed-state.js';
import { LiveMatchWatch } from './live-match-watch.js';

/** Looks at the lease before it is believed that another process holds it: the first ones come while it is asked for. */
const LOOKS_AS_STANDBY = 2;

/**
 * The subscriptions of this process one after the other: what the next one may have missed. Live matches are watched from
 * the first one on, and while the lease is ours.
 */
@Injectable()
export class Subscriptions {
  private atMs: number | null = null;
  private fence: number | null = null;
  private looksWithoutTerm = 0;
  private kept = false;

  constructor(
    private readonly watch: LiveMatchWatch,
    @Optional() @Inject(IngestLease) private readonly lease?: Pick<IngestLease, 'term'>,
  ) {}

  /** begin of the newest, our clock, unix ms; null before the first */
  get lastAtMs(): number | null {
    return this.atMs;
  }

  /** Of the newest: the broker kept what came before it, and sends that now. */
  get isResumed(): boolean {
    return this.kept;
  }

  /** A look at the lease. */
  followLease(): void {
    if (!this.lease) return;
    if (this.lease.term) {
      this.watch.start();
      return;
    }
    this.looksWithoutTerm++;
    this.watch.stop();
  }

  begun({ resumed, atMs }: Extract<FeedSignal, { kind: 'subscribed' }>): RecoveryTrigger {
    const fence = this.lease?.term?.fence ?? null;
    const isFirst = this.atMs === null;
    const hasOtherTerm = !isFirst && fence !== this.fence;
    const tookOver = hasOtherTerm || this.looksWithoutTerm >= LOOKS_AS_STANDBY;
    this.atMs = atMs;
    this.fence = fence;
    this.looksWithoutTerm = 0;
    this.kept = resumed;
    this.watch.start();
    if (tookOver) return 'takeover';
    if (isFirst) return 'start';
    return resumed ? 'resumed' : 'reconnect';
  }
}
