import type { Committed } from './committed-changes.js';

/** A follower is told of changes when their frames were sent. Port and injection token in one; absent where there is none. */
export abstract class ChangeFollower {
  /**
   * The frames of these changes were handed to the sockets. Never throws, never waits: the next ones are behind it.
   * @param sentAtMs our clock, unix ms
   */
  abstract told(changes: readonly Committed[], sentAtMs: number): void;
}
