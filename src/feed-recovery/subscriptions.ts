import type { IngestLease } from '../contracts/ingest-lease.js';
import type { FeedSignal } from '../mqtt-ingest/ports/feed-signals.js';
import type { RecoveryTrigger } from './feed-state.js';

/** Looks at the lease before it is believed that another process holds it: the first ones come while it is asked for. */
const LOOKS_AS_STANDBY = 2;

/** The subscriptions of this process one after the other: what the next one may have missed. */
export class Subscriptions {
  private atMs: number | null = null;
  private fence: number | null = null;
  private looksWithoutTerm = 0;
  private kept = false;

  constructor(private readonly lease: Pick<IngestLease, 'term'> | undefined) {}

  /** begin of the newest, our clock, unix ms; null before the first */
  get lastAtMs(): number | null {
    return this.atMs;
  }

  /** Of the newest: the broker kept what came before it, and sends that now. */
  get isResumed(): boolean {
    return this.kept;
  }

  /** A look at the lease found it with somebody else. */
  stoodBy(): void {
    this.looksWithoutTerm++;
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
    if (tookOver) return 'takeover';
    if (isFirst) return 'start';
    return resumed ? 'resumed' : 'reconnect';
  }
}
