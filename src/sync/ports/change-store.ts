/** The store keeps the newest entry of `/data/update` for one type and id. */
export interface KeptChange {
  /** 1 to 11 */
  readonly type: number;
  readonly of: 'match' | 'team' | 'season' | 'other';
  /** provider id; empty for a list as a whole, such as a ranking */
  readonly id: string;
  /** provider's clock, unix seconds; null when the entry has none */
  readonly updatedAtS: number | null;
  /** who was told */
  readonly fate: string;
}

/** The store keeps `livescore_sync_change`. Port and injection token in one. */
export abstract class ChangeStore {
  /**
   * Keeps what is newer than what is kept; what is not is not rewritten.
   * @param changes no type and id twice
   * @returns how many rows were written
   */
  abstract keep(changes: readonly KeptChange[]): Promise<number>;

  /** Removes at most `limit` rows that were seen more than `days` days ago. @returns how many there were */
  abstract prune(days: number, limit: number): Promise<number>;
}
