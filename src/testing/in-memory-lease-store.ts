import type { Clock } from '../kernel/clock.js';
import { type Acquisition, LeaseStore } from '../lease/ports/lease-store.js';

/** The lease is its row in memory, with the clock of its database: shared by the stores of all processes. */
export class InMemoryLease {
  holder = '';
  fence = 0;
  clientId = 'livescore0123456789ab';
  /** unix ms of `clock` */
  expiresAtMs = Number.NEGATIVE_INFINITY;
  exists = true;

  constructor(readonly clock: Clock) {}
}

/**
 * The store is one process's way to the lease, held to the same contract as PostgreSQL. A statement takes effect when
 * it is called; its answer comes in a later microtask.
 */
export class InMemoryLeaseStore extends LeaseStore {
  /** `refused`: statements fail; `answer-lost`: they take effect and fail; `silent`: they are never answered */
  fault: 'refused' | 'answer-lost' | 'silent' | null = null;
  /** statements that arrived, failed ones included */
  statements = 0;

  constructor(private readonly lease: InMemoryLease) {
    super();
  }

  override acquire(holder: string, ttlMs: number, reclaim: boolean): Promise<Acquisition> {
    return this.answer((lease): Acquisition => {
      const nowMs = lease.clock.nowMs();
      const isFree = !lease.exists || lease.expiresAtMs <= nowMs || (reclaim && lease.holder === holder);
      if (!isFree) return { kind: 'held', holder: lease.holder, remainingMs: lease.expiresAtMs - nowMs };
      lease.fence = lease.exists ? lease.fence + 1 : nowMs;
      lease.exists = true;
      lease.holder = holder;
      lease.expiresAtMs = nowMs + ttlMs;
      return { kind: 'acquired', fence: lease.fence, clientId: lease.clientId };
    });
  }

  override renew(holder: string, fence: number, ttlMs: number): Promise<boolean> {
    return this.answer((lease) => {
      if (!isTerm(lease, holder, fence) || lease.expiresAtMs === Number.NEGATIVE_INFINITY) return false;
      lease.expiresAtMs = lease.clock.nowMs() + ttlMs;
      return true;
    });
  }

  override release(holder: string, fence: number): Promise<void> {
    return this.answer((lease) => {
      if (isTerm(lease, holder, fence)) lease.expiresAtMs = Number.NEGATIVE_INFINITY;
    });
  }

  private async answer<T>(effect: (lease: InMemoryLease) => T): Promise<T> {
    this.statements++;
    const { fault } = this;
    if (fault === 'refused') throw new Error('The in-memory lease store was told to refuse');
    const result = effect(this.lease);
    if (fault === 'silent') return new Promise(() => {});
    if (fault === 'answer-lost') throw new Error('The in-memory lease store was told to lose the answer');
    return result;
  }
}

function isTerm(lease: InMemoryLease, holder: string, fence: number): boolean {
  return lease.exists && lease.holder === holder && lease.fence === fence;
}
