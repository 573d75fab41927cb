import type { IngestLease, LeaseTerm } from './ingest-lease.js';

/** One of those who follow the lease; each of them has its own listener. */
export interface LeaseListener {
  /** A term of ours begins. Without a lease one begins at once, without a fence, and never ends. */
  begun(fence: number | null): void;
  /** The term is over, or another one takes its place: then `begun` is told next. */
  ended?(): void;
  /** The same term was confirmed again after a doubt. */
  confirmed?(): void;
}

/**
 * Follows the terms of the lease for one listener, starting with the present one:
 * *standing by* → `begun` → *held* → (lost, or another fence) → `ended` → *standing by*, or `begun` anew.
 * @returns ends it; the listener's owner calls it, and hears nothing any more
 */
export function followLease(lease: IngestLease | undefined, listener: LeaseListener): () => void {
  if (!lease) {
    listener.begun(null);
    return () => undefined;
  }
  let fence: number | null = null;
  const subscription = lease.terms$.subscribe((term: LeaseTerm | null) => {
    const before = fence;
    fence = term?.fence ?? null;
    if (fence === before) {
      if (fence !== null) listener.confirmed?.();
      return;
    }
    if (before !== null) listener.ended?.();
    if (fence !== null) listener.begun(fence);
  });
  return () => subscription.unsubscribe();
}
