/** The record is one match as the provider's `/match/detail_live` tells it. */
export interface ProviderMatch {
  readonly id: string;
  /** `[id, status, home slots, away slots, kick-off of the period, ""]` */
  readonly score?: readonly unknown[];
  readonly stats?: readonly unknown[];
  readonly incidents?: readonly unknown[];
  readonly tlive?: readonly unknown[];
}

interface Change {
  readonly atMs: number;
  /** null: not live any more */
  readonly match: ProviderMatch | null;
}

const REMEMBERED_MS = 120_000;

/** What was true when, for two minutes: an answer out of a cache is an old truth. */
export class ProviderHistory {
  private readonly changes = new Map<string, Change[]>();

  record(id: string, match: ProviderMatch | null, atMs: number): void {
    const past = this.changes.get(id) ?? [];
    past.push({ atMs, match });
    while ((past[1]?.atMs ?? atMs) < atMs - REMEMBERED_MS) past.shift();
    this.changes.set(id, past);
  }

  /** The live matches of that moment, unix ms. */
  at(momentMs: number): ProviderMatch[] {
    return [...this.changes.values()].flatMap(
      (past) => past.findLast((change) => change.atMs <= momentMs)?.match ?? [],
    );
  }
}
