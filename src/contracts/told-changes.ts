import type { Committed } from './committed-changes.js';

/** Who follows changes to their end. Port and injection token in one; absent where nobody does. */
export abstract class ToldChanges {
  /**
   * The frames of these changes were handed to the sockets. Never throws, never waits: the next ones are behind it.
   * @param sentAtMs our clock, unix ms
   */
  abstract told(changes: readonly Committed[], sentAtMs: number): void;
}
