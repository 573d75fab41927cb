import { Injectable, Optional } from '@nestjs/common';
import { IngestLease } from '../contracts/ingest-lease.js';
import { followLease, type LeaseListener } from '../contracts/lease-follower.js';

/**
 * Whether this process may be connected to the feed, and under which client id. Without a lease it always may. With one
 * a connection is opened only under a confirmed term, and ends with its term; another fence is another term.
 */
@Injectable()
export class LeaseConnectionGate {
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

  /** Somebody took our session over: nothing is opened until the lease is confirmed again, or lost. */
  doubt(): void {
    this.lease?.doubt();
  }

  /** @returns ends it: the listener hears nothing any more */
  follow(listener: LeaseListener): () => void {
    return followLease(this.lease, listener);
  }
}
