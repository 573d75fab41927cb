import { NEVER, type Observable } from 'rxjs';
import { BroadcastBus } from '../../ports/broadcast-bus.js';
import type { Told } from '../../ports/told.js';

/** There are no others, or they read the journal: nobody is told, and nothing is heard. */
export class LocalBroadcastBus extends BroadcastBus {
  override readonly isConnected = false;
  override readonly told$: Observable<readonly Told[]> = NEVER;
  override readonly connected$: Observable<void> = NEVER;

  override publish(): void {}
}
