import type { ClientFrame } from './client-frame.js';

/** What clients are sent right after their greeting, beside what is broadcast. Port and injection token in one. */
export abstract class ConnectCatchUp {
  /**
   * From now on every client that connects is sent these frames, after those of earlier calls. Bounded: the oldest
   * frames give way.
   */
  abstract greetWith(frames: readonly ClientFrame[]): void;

  /** From now on the greeting stands alone again. */
  abstract greetPlainly(): void;
}
