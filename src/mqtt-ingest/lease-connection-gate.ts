import { Injectable, Optional } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { IngestLease, type LeaseTerm } from '../contracts/ingest-lease.js';

/** Called when a connection may be opened, and with `ended` when the open one has to go at once. */
export type TenureListener = (ended: boolean) => void;

/**
 * Whether this process may be connected to the feed, and under which client id. Without a lease it always may. With one
 * a connection is opened only under a confirmed term, and ends with its term; another fence is another term.
 */
@Injectable()
export class LeaseConnectionGate {
  private subscription: Subscription | null = null;
  private fence: number | null = null;

  constructor(@Optional() private readonly lease?: IngestLease) {}

  /** A connection may be opened now. */
  get mayConnect(): boolean {
    const { lease } = this;
    return !lease || (lease.confirmed && lease.term !== null);
  }

  /** Somebody arbitrates between the processes that could take the feed. */
  get arbitrated(): boolean {
    return this.lease !== undefined;
  }

  /** The client id that belongs to the lease; null without one. */
  get clientId(): string | null {
    return this.lease?.term?.clientId ?? null;
  }

  follow(listener: TenureListener): void {
    this.subscription ??= this.lease?.terms$.subscribe((term) => this.adopt(term, listener)) ?? null;
  }

  /** Somebody took our session over: nothing is opened until the lease is confirmed again, or lost. */
  doubt(): void {
    this.lease?.doubt();
  }

  stop(): void {
    this.subscription?.unsubscribe();
    this.subscription = null;
  }

  private adopt(term: LeaseTerm | null, listener: TenureListener): void {
    const fence = term?.fence ?? null;
    const ended = this.fence !== null && fence !== this.fence;
    this.fence = fence;
    listener(ended);
  }
}
