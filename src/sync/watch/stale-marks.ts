import { Injectable } from '@nestjs/common';
import { WriteFence } from '../../contracts/write-fence.js';
import type { MarkedMatch } from '../ports/stale-matches.js';

/** The stale matches of the last look, in memory, in the process that looks. */
@Injectable()
export class StaleMarks {
  /** match → reason; null: nobody has looked here, or another process looks now */
  private stale: ReadonlyMap<string, string> | null = null;

  constructor(right: WriteFence) {
    right.lost$.subscribe(() => this.forget());
  }

  /** Nobody looks here any more. */
  forget(): void {
    this.stale = null;
  }

  adopt(marks: readonly MarkedMatch[]): void {
    this.stale = new Map(marks.flatMap(({ matchId, reason, staleAtMs }) => (staleAtMs ? [[matchId, reason]] : [])));
  }

  /** How many by reason; null when nobody has looked here. */
  counts(): Readonly<Record<string, number>> | null {
    if (!this.stale) return null;
    const counts: Record<string, number> = {};
    for (const reason of this.stale.values()) counts[reason] = (counts[reason] ?? 0) + 1;
    return counts;
  }

  /** Why the match is stale; null when it is not, undefined when nobody has looked here. */
  of(matchId: string): string | null | undefined {
    return this.stale ? (this.stale.get(matchId) ?? null) : undefined;
  }
}
