/**
 * The way through the pages of the recent list, over as many runs as it takes.
 *
 * *forth*, page by page → (an empty page) → *over*, when there was one page; else *back*, over the same pages → *over*.
 * While pages are read, a match that changes moves to an end of the list and shifts others over the border of a page: down,
 * which the way forth meets, or up, which the way back meets.
 */
export class RecentWalk {
  private direction: 'forth' | 'back' | 'over' = 'forth';
  private at = 1;
  private newestS: number | null = null;
  private beganAtS: number | null = null;

  /** @param fromS asked for changes since then, unix seconds */
  constructor(readonly fromS: number) {}

  /** null: all is read */
  get page(): number | null {
    return this.direction === 'over' ? null : this.at;
  }

  /** Does the next page ask for what nobody has read yet? */
  get isForth(): boolean {
    return this.direction === 'forth';
  }

  /**
   * Where the next walk begins: at the newest change that was met, but not after this one began, because what changed since
   * may stand on a page that was already read. Never earlier than this one. Unix seconds.
   */
  get watermark(): number {
    const newestS = Math.min(this.newestS ?? this.fromS, this.beganAtS ?? this.fromS);
    return Math.max(this.fromS, newestS);
  }

  /** The page was asked for at that time of the provider's clock, unix seconds. */
  asked(atS: number): void {
    this.beganAtS ??= atS;
  }

  /** The page was stored. @param newestS newest change on it, unix seconds */
  took(newestS: number | null): void {
    if (newestS !== null) this.newestS = Math.max(this.newestS ?? 0, newestS);
    if (this.direction === 'forth') this.at += 1;
    else this.stepBack();
  }

  /** There is no such page. */
  ended(): void {
    if (this.direction === 'forth' && this.at > 2) this.direction = 'back';
    else if (this.direction === 'forth') this.direction = 'over';
    if (this.direction === 'back') this.stepBack();
  }

  private stepBack(): void {
    this.at -= 1;
    if (this.at < 1) this.direction = 'over';
  }
}
