import type { Observable } from 'rxjs';

/** The right to be the one process that takes the feed. */
export interface LeaseTerm {
  /** Fencing number: rises with every term, and every statement carries it, so that a holder of the past writes nothing. */
  readonly fence: number;
  /** Client id at the broker: it belongs to the lease, so that the holder finds the session of the one before. */
  readonly clientId: string;
}

/** The lease says who may take the feed. Port and injection token in one; without the lease module nobody is asked. */
export abstract class IngestLease {
  /** The term that is ours as far as we know; null while standing by. Stays while the database cannot be asked. */
  abstract readonly term: LeaseTerm | null;
  /**
   * The database confirmed the term, it has not run out by our own clock, and nothing was doubted since: a connection
   * may be opened now. Becomes false by mere passing of time, without an event.
   */
  abstract readonly confirmed: boolean;
  /** Every change of `term`, starting with the present one; and every confirmation after a doubt. */
  abstract readonly terms$: Observable<LeaseTerm | null>;
  /** Something suggests that somebody else holds it (a session taken over, a fenced statement): ask the database now. */
  abstract doubt(): void;
}
