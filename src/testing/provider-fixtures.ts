import type { ProviderDeletions } from './provider-deletions.js';
import type { ProviderRow, StoredRow } from './provider-row.js';
import { ProviderRowList } from './provider-row-list.js';
import { SortedRows } from './provider-sorted-rows.js';

/** A fixture is one match as `/match/recent/list` and `/match/diary` tell it, with the provider's own field names. */
export type ProviderFixture = ProviderRow & {
  /** scheduled start, unix seconds */
  readonly match_time: number;
  readonly home_team_id: string;
  readonly away_team_id: string;
  readonly competition_id: string;
};

interface Kickoff {
  readonly id: string;
  readonly matchTimeS: number;
}

/** The provider's day is that of UTC+8. */
const DAY_OFFSET_S = 8 * 3_600;
const DAY_S = 86_400;

/**
 * The stand-in holds the match programme. What is being played is told by `ProviderStandIn.put`: the two know nothing
 * of each other.
 */
export class ProviderFixtures {
  /** @internal */
  readonly list: ProviderRowList;
  private readonly kickoffs = new Map<string, Kickoff>();
  private readonly byKickoff = new SortedRows<Kickoff>(
    (a, b) => a.matchTimeS - b.matchTimeS || (a.id < b.id ? -1 : Number(a.id > b.id)),
  );

  /** @internal */
  constructor(
    private readonly deletions: ProviderDeletions,
    private readonly nowMs: () => number,
  ) {
    this.list = new ProviderRowList(nowMs);
  }

  get size(): number {
    return this.list.size;
  }

  /** Adds a match, or replaces that of the same id; several at once are cheaper. */
  put(match: ProviderFixture | readonly ProviderFixture[], to: 'front' | 'end' = 'end'): void {
    const given: readonly ProviderFixture[] = isList(match) ? match : [match];
    const matches = [...new Map(given.map((one) => [one.id, one])).values()];
    const ids = matches.map(({ id }) => id);
    this.list.put(matches, to);
    this.deletions.take('match', ids);
    const removed = this.forget(ids);
    const added = matches.map(({ id, match_time: matchTimeS }) => ({ id, matchTimeS }));
    for (const kickoff of added) this.kickoffs.set(kickoff.id, kickoff);
    this.byKickoff.change(removed, added);
  }

  /** @param options.atMs when they were deleted, unix ms. @default now */
  delete(ids: readonly string[], { atMs }: { readonly atMs?: number } = {}): void {
    const gone = this.list.delete(ids);
    this.byKickoff.change(this.forget(gone), []);
    this.deletions.add('match', gone, atMs);
  }

  /** Changes fields of a match, and its `updated_at`; without effect when there is no such match. */
  change(id: string, fields: Readonly<Record<string, unknown>>): void {
    const before = this.list.get(id) as ProviderFixture | null;
    if (before) this.put({ ...before, updated_at: Math.floor(this.nowMs() / 1000), ...fields });
  }

  get(id: string): ProviderRow | null {
    return this.list.get(id);
  }

  ids(): string[] {
    return this.list.ids();
  }

  /**
   * @internal
   * @param date `YYYYMMDD` in UTC+8; null when it is no date
   */
  ofDay(date: string): StoredRow[] | null {
    const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(date);
    if (!parts) return null;
    const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
    const beginS = Date.UTC(year, month - 1, day) / 1000 - DAY_OFFSET_S;
    const from = this.byKickoff.firstNot(({ matchTimeS }) => matchTimeS < beginS);
    const to = this.byKickoff.firstNot(({ matchTimeS }) => matchTimeS < beginS + DAY_S);
    return this.byKickoff.slice(from, to).flatMap(({ id }) => this.list.stored(id) ?? []);
  }

  private forget(ids: readonly string[]): Kickoff[] {
    return ids.flatMap((id) => {
      const kickoff = this.kickoffs.get(id);
      this.kickoffs.delete(id);
      return kickoff ?? [];
    });
  }
}

function isList(match: ProviderFixture | readonly ProviderFixture[]): match is readonly ProviderFixture[] {
  return Array.isArray(match);
}
