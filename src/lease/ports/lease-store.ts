/** A process gets this answer when it asks for the lease. */
export type Acquisition =
  | {
      readonly kind: 'acquired';
      /** above every fence before */
      readonly fence: number;
      readonly clientId: string;
    }
  | {
      readonly kind: 'held';
      /** who holds it; null when that is not known */
      readonly holder: string | null;
      /** until it may be taken, by the clock of the store; at least 0 */
      readonly remainingMs: number;
    };

/**
 * The store keeps the one row that says who takes the feed. Port and injection token in one. Every operation is one
 * statement that stands alone, judged by the clock of the store. Each throws the driver's error when the store cannot
 * be asked; then it is unknown whether it took effect.
 */
export abstract class LeaseStore {
  /**
   * Takes the lease when it has expired, was released, or its row is missing.
   * @param reclaim also when `holder` itself holds it: it is the former self of a process that starts
   */
  abstract acquire(holder: string, ttlMs: number, reclaim: boolean): Promise<Acquisition>;

  /** Extends the term with this fence, also when it has expired and nobody took it. @returns false: it is not ours */
  abstract renew(holder: string, fence: number, ttlMs: number): Promise<boolean>;

  /** Ends the term with this fence, so that others need not wait for its end; nothing when it is not ours. */
  abstract release(holder: string, fence: number): Promise<void>;
}
