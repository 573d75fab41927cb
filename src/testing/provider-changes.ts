/** A change is one entry of `/data/update`: `match_id`, `team_id` or `season_id`, and `update_time` in unix seconds. */
export type ProviderChange = Readonly<Record<string, string | number>>;

/**
 * A change has one of the types of `/data/update`: `1` line-up, `2` bracket, `3` standing, … `11` goal line; see the
 * provider's description.
 */
export type ProviderChangeType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;

interface Told {
  readonly type: number;
  readonly entry: ProviderChange;
  readonly atMs: number;
}

/** More are never kept: the oldest go. */
const MOST_CHANGES = 100_000;

/** The changes are what `/data/update` tells: ids that changed in the last 120 seconds, by type. */
export class ProviderChanges {
  private told: Told[] = [];

  /** @internal */
  constructor(private readonly nowMs: () => number) {}

  /**
   * @param entry without `update_time` it gets that of `atMs`
   * @param atMs when it changed, unix ms. @default now
   */
  add(type: ProviderChangeType | number, entry: ProviderChange, atMs = this.nowMs()): void {
    this.told.push({ type, entry: { ...entry, update_time: entry.update_time ?? Math.floor(atMs / 1000) }, atMs });
    if (this.told.length > MOST_CHANGES) this.told = this.told.slice(MOST_CHANGES / 2);
  }

  /** @internal */
  groups(nowMs: number, changedForMs: number): Record<string, unknown[]> {
    const groups: Record<string, unknown[]> = {};
    for (const { type, entry, atMs } of this.told) {
      if (atMs <= nowMs - changedForMs || atMs > nowMs) continue;
      const group = groups[type] ?? [];
      group.push(entry);
      groups[type] = group;
    }
    return groups;
  }
}
