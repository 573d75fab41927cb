import type { ClientFrame } from './client-frame.js';

/** Carries frames to every client of every instance. Port and injection token in one; in-process by default. */
export abstract class BroadcastBus {
  /** False when nobody could hear a frame now: callers may skip building it. */
  abstract readonly hasListeners: boolean;

  /** Bytes that the client with the most has not read yet; 0 where nobody can know. */
  get mostUnreadBytes(): number {
    return 0;
  }

  /** Sends the frames to everybody, in this order and after those of earlier calls. Never throws, never waits. */
  abstract publish(frames: readonly ClientFrame[]): void;
}
