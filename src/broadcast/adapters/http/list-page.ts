import type { Scheduler } from '../../../kernel/scheduler.js';
import type { MatchBoard } from '../../board/match-board.js';
import type { Page } from './live-answer.js';
import type { MatchPages } from './match-pages.js';
import { digestOf } from './match-tag.js';

const TAG_LENGTH = 22;
/** A list may be so old. */
const LIST_EVERY_MS = 500;
/** Beside changes, matches leave the list because nothing changed for long. */
const MADE_AGAIN_MS = 1_000;

/**
 * The list of all current matches: `{ matches, digest }`, ordered by id. Its tag is the digest over ids and tags of the matches,
 * so every instance that knows the same gives the same one; nothing in it says when it was made. It is made at most once in
 * `LIST_EVERY_MS`, however many changes there are and however many ask.
 */
export class ListPage {
  private page: Page | null = null;
  private revision = -1;
  private madeAtMs = 0;

  constructor(
    private readonly board: MatchBoard,
    private readonly pages: MatchPages,
    private readonly scheduler: Scheduler,
  ) {}

  /** Milliseconds until changes are in the list; 0: those up to now are. */
  get dueInMs(): number {
    return Math.max(0, this.madeAtMs + LIST_EVERY_MS - this.scheduler.monotonicMs());
  }

  /** Something changed since it was made. */
  get isBehind(): boolean {
    return this.revision !== this.board.revision;
  }

  get(): Page {
    const nowMs = this.scheduler.monotonicMs();
    const isOld = nowMs - this.madeAtMs >= (this.isBehind ? LIST_EVERY_MS : MADE_AGAIN_MS);
    if (this.page && !isOld) return this.page;
    this.revision = this.board.revision;
    this.madeAtMs = nowMs;
    this.page = this.made();
    return this.page;
  }

  private made(): Page {
    const entries = [...this.board.current()].sort((a, b) => (a.matchId < b.matchId ? -1 : 1));
    const names = entries.map((entry) => `${entry.matchId}\n${this.pages.of(entry).tag}\n`);
    const tag = digestOf(names.join('')).slice(0, TAG_LENGTH);
    if (tag === this.page?.tag) return this.page;
    const matches = entries.map(({ viewJson }) => viewJson).join(',');
    return { tag, body: Buffer.from(`{"matches":[${matches}],"digest":"${tag}"}`) };
  }
}
