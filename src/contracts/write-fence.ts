import { Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import { IngestLease } from './ingest-lease.js';
import { followLease } from './lease-follower.js';

/**
 * May this process write what the feed says? Follows the lease; without one the answer is always yes.
 *
 * granted (`fence` of the term) → (term lost, or another fence) → `lost$` is told → standing by, or granted anew.
 * The same term after a database outage changes nothing.
 */
@Injectable()
export class WriteFence implements OnApplicationShutdown {
  private current: number | null = null;
  private readonly losses = new Subject<void>();
  private readonly unfollow: () => void;
  /** What is unwritten must not be written any more, and what is known of rows may be old. Told in order of subscription. */
  readonly lost$: Observable<void> = this.losses.asObservable();

  constructor(@Optional() private readonly lease?: IngestLease) {
    this.unfollow = followLease(lease, {
      begun: (fence) => {
        this.current = fence;
      },
      ended: () => this.lose(),
    });
  }

  get granted(): boolean {
    return this.current !== null || !this.lease;
  }

  /** What every statement carries; null without a lease, and while standing by. */
  get fence(): number | null {
    return this.current;
  }

  /** A statement was refused as a fenced one would be: the lease may be somebody else's. */
  doubt(): void {
    this.lease?.doubt();
  }

  onApplicationShutdown(): void {
    this.unfollow();
    this.losses.complete();
  }

  private lose(): void {
    this.current = null;
    this.losses.next();
  }
}
