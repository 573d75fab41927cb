export interface SyncStored {
  /** set for all hosts; null: their options hold */
  readonly mode: string | null;
  readonly jobs: readonly SyncJobStored[];
}

export interface SyncJobStored {
  readonly entity: string;
  /** `never`: no run yet; `stale`: its runner is gone */
  readonly state: 'never' | 'running' | 'stale' | 'complete' | 'partial' | 'failed';
  readonly kind: 'full' | 'incremental' | 'diff' | null;
  /** can be compared (`diff`) */
  readonly isList: boolean;
  /** it may be asked for from here: one of the twelve entities */
  readonly isEntity: boolean;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly completeAtMs: number | null;
  readonly page: number;
  readonly counts: {
    readonly seen: number;
    readonly added: number;
    readonly changed: number;
    readonly refused: number;
    readonly deleted: number;
  };
  readonly error: string | null;
  /** a run that somebody asked for and that has not begun */
  readonly wanted: string | null;
  readonly wantedBy: string | null;
  readonly wantedAtMs: number | null;
  /** at run time; null: the options of each host hold */
  readonly enabled: boolean | null;
}

/** Of matches settled in the last 3 days or waiting, as `livescore settlement report`. */
export interface SettlementStored {
  readonly sinceMs: number;
  /** null: the options of each host hold */
  readonly mode: string | null;
  readonly verdicts: readonly { readonly verdict: string; readonly certainty: number; readonly predictions: number }[];
  readonly reversed: number;
  /** newest first, 20 at most */
  readonly reversals: readonly ReversalStored[];
  readonly awaiting: { readonly predictions: number; readonly nextDeadlineMs: number | null };
  readonly unknownTexts: number;
  /** results of somebody else */
  readonly others: number;
  readonly shadow: { readonly compared: number; readonly different: number };
  /** matches whose journal is ahead of their verdicts, 20 of them at most */
  readonly behind: { readonly count: number; readonly matchIds: readonly string[] };
  readonly heldBack: { readonly count: number; readonly matchIds: readonly string[] };
}

/** A result that was changed after it was told. */
export interface ReversalStored {
  readonly atMs: number;
  readonly matchId: string;
  readonly predictionId: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly score: string | null;
}

export interface ForeignWritersStored {
  readonly mode: string;
  readonly changedAtMs: number | null;
  readonly changedBy: string | null;
  readonly reason: string | null;
  /** result → writes of the last hour */
  readonly lastHour: Readonly<Record<string, number>>;
  /** newest first, 50 at most */
  readonly last: readonly ForeignWriteStored[];
}

export interface ForeignWriteStored {
  readonly atMs: number;
  readonly matchId: string;
  readonly version: number;
  readonly mode: string;
  /** `passed`, `admin`, `held-off` or `reverted` */
  readonly result: string;
}

export interface SizeStored {
  readonly table: string;
  /** estimate of the database; null: unknown */
  readonly rows: number | null;
  readonly bytes: number;
}

export interface StaleStored {
  readonly matchId: string;
  readonly status: number | null;
  readonly score: string | null;
  readonly reason: string;
  readonly sinceMs: number;
}
