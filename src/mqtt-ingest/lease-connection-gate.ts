import { Injectable, Optional } from '@nestjs/common';
import { EMPTY, map, type Observable, pairwise, startWith } from 'rxjs';
import { IngestLease } from '../contracts/ingest-lease.js';

/** What a word of the lease means for the connection: it may be opened, or the open one has to go at once. */
export type TenureChange = 'may-begin' | 'ended';

/**
 * Whether this process may be connected to the feed, and under which client id. Without a lease it always may. With one
 * a connection is opened only under a confirmed term, and ends with its term; another fence is another term.
 */
@Injectable()
export class LeaseConnectionGate {
  /** Every word of the lease, to each subscriber from the present term on. Silent without a lease. */
  readonly changes$: Observable<TenureChange>;

  constructor(@Optional() private readonly lease?: IngestLease) {
    this.changes$ = lease ? changesOf(lease) : EMPTY;
  }

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
}

function changesOf({ terms$ }: IngestLease): Observable<TenureChange> {
  return terms$.pipe(
    map((term) => term?.fence ?? null),
    startWith(null),
    pairwise(),
    map(([before, fence]) => (before !== null && fence !== before ? 'ended' : 'may-begin')),
  );
}
