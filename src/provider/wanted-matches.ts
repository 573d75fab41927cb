import { LRUCache } from 'lru-cache';

/** Least time between two questions about one match. */
const PER_MATCH_MS = 30_000;
/** No cache of the provider is older: a later wish is a mistake of a clock. */
const LONGEST_WAIT_MS = 600_000;
const MOST_MATCHES = 1_000;

interface Wanted {
  /** ask then, our clock, unix ms */
  dueAtMs: number;
  /** an answer to a question asked earlier does not settle it, our clock, unix ms */
  notBeforeMs: number;
  /** questions without an answer */
  failures: number;
}

/** The matches that somebody asked about, and when each is due. */
export class WantedMatches {
  private readonly wanted = new Map<string, Wanted>();
  private readonly askedAtMs = new LRUCache<string, number>({ max: MOST_MATCHES });

  get size(): number {
    return this.wanted.size;
  }

  /**
   * A match that is wanted already keeps its turn, so that a feed that insists cannot postpone it; it is asked about
   * again later when that answer would be too old for the newest request.
   * @returns false when the oldest match gave way to it
   */
  add(matchId: string, notBeforeMs: number, nowMs: number): boolean {
    const earliestMs = Math.min(notBeforeMs, nowMs + LONGEST_WAIT_MS);
    const known = this.wanted.get(matchId);
    if (known) {
      known.notBeforeMs = Math.max(known.notBeforeMs, earliestMs);
      return true;
    }
    const dueAtMs = Math.max(nowMs, earliestMs, this.freeAtMs(matchId, nowMs));
    this.wanted.set(matchId, { dueAtMs, notBeforeMs: earliestMs, failures: 0 });
    if (this.wanted.size <= MOST_MATCHES) return true;
    const [oldest] = this.wanted.keys();
    if (oldest !== undefined) this.wanted.delete(oldest);
    return false;
  }

  /** When the next one is due, unix ms; null when none is wanted. */
  nextAtMs(): number | null {
    let nextMs: number | null = null;
    for (const { dueAtMs } of this.wanted.values()) if (nextMs === null || dueAtMs < nextMs) nextMs = dueAtMs;
    return nextMs;
  }

  due(nowMs: number): string[] {
    return [...this.wanted].filter(([, { dueAtMs }]) => dueAtMs <= nowMs).map(([matchId]) => matchId);
  }

  /** The provider was asked at `requestedAtMs` and answered: done, unless the answer was asked too early. */
  answered(matchIds: readonly string[], requestedAtMs: number): void {
    for (const matchId of matchIds) {
      this.askedAtMs.set(matchId, requestedAtMs);
      const wanted = this.wanted.get(matchId);
      if (!wanted) continue;
      if (wanted.notBeforeMs <= requestedAtMs) this.wanted.delete(matchId);
      else {
        wanted.failures = 0;
        wanted.dueAtMs = Math.max(wanted.notBeforeMs, requestedAtMs + PER_MATCH_MS);
      }
    }
  }

  /**
   * No answer: another try at the time that `againAtMs` says, from the number of failures so far.
   * @returns how many matches were given up, because they had as many tries as allowed
   */
  failed(matchIds: readonly string[], mostRetries: number, againAtMs: (failures: number) => number): number {
    let givenUp = 0;
    for (const matchId of matchIds) {
      const wanted = this.wanted.get(matchId);
      if (!wanted) continue;
      wanted.failures += 1;
      if (wanted.failures <= mostRetries) wanted.dueAtMs = againAtMs(wanted.failures);
      else {
        this.wanted.delete(matchId);
        givenUp += 1;
      }
    }
    return givenUp;
  }

  private freeAtMs(matchId: string, nowMs: number): number {
    const askedAtMs = this.askedAtMs.get(matchId);
    return askedAtMs === undefined || askedAtMs > nowMs ? nowMs : askedAtMs + PER_MATCH_MS;
  }
}
