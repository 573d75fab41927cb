import type { Observable } from 'rxjs';
import type { Told } from './told.js';

/**
 * A bus carries what is told from the process that commits to the gateways of all others. It may lose messages, and says so
 * by `isConnected`: the journal is the truth. Port and injection token in one; without one nobody else is told.
 */
export abstract class BroadcastBus {
  /** Does a message published now reach the others? */
  abstract readonly isConnected: boolean;

  /** What other instances tell, in the order of each of them; never what was published here. */
  abstract readonly told$: Observable<readonly Told[]>;

  /** Every connection that was made, the first one included: what was told before may be missing. */
  abstract readonly connected$: Observable<void>;

  /** Sends it to the others, in this order and after earlier calls. Never throws, never waits; what cannot be sent is dropped and counted. */
  abstract publish(told: readonly Told[]): void;
}
