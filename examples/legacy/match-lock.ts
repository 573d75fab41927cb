import { randomUUID } from 'node:crypto';

/** The lock under which the orchestrator reads and writes one match. */
export abstract class MatchLock {
  /**
   * @param sourceName who asks
   * @returns what `release` needs; null when somebody else holds the lock
   */
  abstract acquire(matchId: string, sourceName: string): Promise<string | null>;
  /** Releases only the caller's own lock: the next holder's stays, also when the caller took longer than 5 s. */
  abstract release(matchId: string, token: string): Promise<void>;
  abstract ping(): Promise<boolean>;
  abstract close(): Promise<void>;
}

/** After this long a holder has lost its lock, whether it is done or not. */
export const LOCK_S = 5;

/** Value of a lock: the name of the source, as in the original, and what makes it this holder's own. */
export function lockToken(sourceName: string): string {
  return `${sourceName}#${randomUUID()}`;
}
