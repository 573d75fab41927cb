import { LOCK_S, lockToken, MatchLock } from './match-lock.js';

/** The lock where there is no Redis: for one process. */
export class InMemoryMatchLock extends MatchLock {
  private readonly held = new Map<string, { readonly token: string; readonly untilMs: number }>();

  constructor(private readonly nowMs: () => number = Date.now) {
    super();
  }

  override async acquire(matchId: string, sourceName: string): Promise<string | null> {
    const holder = this.held.get(matchId);
    if (holder && holder.untilMs > this.nowMs()) return null;
    const token = lockToken(sourceName);
    this.held.set(matchId, { token, untilMs: this.nowMs() + LOCK_S * 1000 });
    return token;
  }

  override async release(matchId: string, token: string): Promise<void> {
    if (this.held.get(matchId)?.token === token) this.held.delete(matchId);
  }

  override async ping(): Promise<boolean> {
    return true;
  }

  override async close(): Promise<void> {
    this.held.clear();
  }
}
