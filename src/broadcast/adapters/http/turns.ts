/** An instance whose clock is so much ahead, or one that ended, may have named the turn that has not begun here. */
const CLOCK_SKEW_MS = 2_000;
const GRID_MS = 100;

/** How long a reader may wait, and the turn that it names afterwards. */
export interface Turn {
  /** 0: it named a turn that is over, and is answered at once */
  readonly waitMs: number;
  readonly next: number;
}

/**
 * Time is divided into turns of `longPollMs` by the wall clock, shifted for each match, the same in every instance. All who wait
 * for a match are answered at the end of the turn, and name the next one with their next request. So they ask for one address
 * that no cache has yet, and a cache asks for it once: nginx collapses requests for what it does not have, never those for
 * what has expired.
 */
export class Turns {
  constructor(private readonly longPollMs: number) {}

  /** null where nobody may wait */
  at(key: string, nowMs: number): number | null {
    if (this.longPollMs === 0) return null;
    return Math.floor((nowMs + this.shiftOf(key)) / this.longPollMs);
  }

  /** @param asked the turn that the reader named; null when it named none */
  of(key: string, asked: number | null, nowMs: number): Turn {
    const present = this.at(key, nowMs);
    if (present === null) return { waitMs: 0, next: 0 };
    const leftMs = (present + 1) * this.longPollMs - nowMs - this.shiftOf(key);
    // the next name is never the one that was asked for: a cache has the answer to that
    if (asked === present + 1) {
      return { waitMs: leftMs <= CLOCK_SKEW_MS ? leftMs + this.longPollMs : leftMs, next: asked + 1 };
    }
    if (asked !== null && asked < present) return { waitMs: 0, next: present };
    return { waitMs: leftMs, next: present + 1 };
  }

  /** Not all matches are answered at the same moment. */
  private shiftOf(key: string): number {
    let hash = 0;
    for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
    const places = Math.max(1, Math.floor(this.longPollMs / GRID_MS));
    return ((hash >>> 0) % places) * GRID_MS;
  }
}
