import type { FeedItem } from './row.js';

/** The newest item of a match that is not written yet, and how many items it stands for, itself included. */
export interface Waiting {
  item: FeedItem;
  items: number;
}

/** Keeps the newest item of each match, in the order in which the matches came. */
export class NewestPerMatch {
  private readonly waiting = new Map<string, Waiting>();

  add(item: FeedItem): void {
    const known = this.waiting.get(item.id);
    if (known) {
      known.item = item;
      known.items++;
    } else this.waiting.set(item.id, { item, items: 1 });
  }

  /** @returns the matches that have waited longest, `most` at most; they wait no longer */
  take(most: number): Waiting[] {
    const taken: Waiting[] = [];
    for (const [id, waiting] of this.waiting) {
      this.waiting.delete(id);
      if (taken.push(waiting) === most) break;
    }
    return taken;
  }
}
