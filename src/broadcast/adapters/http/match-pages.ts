import type { BoardEntry } from '../../board/board-entry.js';
import type { Page } from './live-answer.js';
import { matchTag } from './match-tag.js';

interface Made {
  readonly json: string;
  readonly page: Page;
}

/** The page of each match: made when somebody asks for it, once per change, and gone with its entry. */
export class MatchPages {
  private readonly made = new WeakMap<BoardEntry, Made>();

  of(entry: BoardEntry): Page {
    const json = entry.viewJson;
    const known = this.made.get(entry);
    if (known?.json === json) return known.page;
    const page = { tag: matchTag(entry.view), body: Buffer.from(json) };
    this.made.set(entry, { json, page });
    return page;
  }
}
