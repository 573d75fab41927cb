import type { HealthFacts } from '../../contracts/health-facts.js';

/** A section that is read from the database. While it cannot be read it stays as it was. */
export interface Section<Value> {
  /** when it was read; null: not yet */
  readonly asOfMs: number | null;
  readonly value: Value | null;
  /** why the last attempt failed, as a code; null when it did not */
  readonly error: string | null;
}

/** Each is null where the host has no such module. */
export interface StoredFacts {
  /** read once a second while somebody looks */
  readonly live: Section<LiveStored>;
  /** the others each 5 to 60 s, and at once after an action of the page */
  readonly rollout: Section<RolloutStored> | null;
  readonly hosts: Section<readonly HostStored[]> | null;
  readonly deadLetters: Section<readonly LetterTotal[]> | null;
  readonly comparison: Section<ComparisonStored> | null;
  readonly sync: Section<SyncStored> | null;
  readonly settlement: Section<SettlementStored> | null;
  readonly foreignWriters: Section<ForeignWritersStored> | null;
  readonly sizes: Section<readonly SizeStored[]>;
  /** matches that stand still although the provider was asked */
  readonly stale: Section<readonly StaleStored[]> | null;
}

export interface LiveStored {
  readonly count: number;
  /** those that changed last first, 200 at most */
  readonly matches: readonly LiveMatch[];
  /** journal rows of the last minute, whoever made them */
  readonly changesLastMinute: number;
  /** from receipt to commit, of the feed's changes of the last five minutes, ms */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** null: nobody takes the feed */
  readonly lease: { readonly holder: string; readonly fence: number } | null;
}

export interface LiveMatch {
  readonly matchId: string;
  /** null: the platform does not know the name */
  readonly home: string | null;
  readonly away: string | null;
  readonly competition: string | null;
  /** provider code */
  readonly status: number;
  readonly score: readonly [home: number | null, away: number | null];
  readonly minute: number | null;
  readonly source: string | null;
  readonly epoch: number | null;
  readonly version: number;
  /** seconds since its newest change; null without a journal */
  readonly changedS: number | null;
  /** seconds since the feed told of it, as far as the row knows */
  readonly seenS: number | null;
}

export type StageName = 'legacy' | 'shadow' | 'canary' | 'direct';

export interface StageSetting {
  readonly stage: StageName;
  readonly percent: number;
  readonly allowMatches: readonly string[];
  readonly denyMatches: readonly string[];
  readonly allowCompetitions: readonly string[];
  readonly denyCompetitions: readonly string[];
  readonly stepPlan: readonly { readonly percent: number; readonly soakS: number }[] | null;
  /** taken back automatically: only an operator sets another stage */
  readonly latched: boolean;
}

export interface StageChange extends StageSetting {
  readonly id: number;
  readonly changedAtMs: number;
  readonly changedBy: string;
  readonly reason: string;
}

export interface StageDecision {
  readonly decidedAtMs: number;
  readonly verdict: 'healthy' | 'warn' | 'roll-back' | 'inconclusive';
  readonly action: 'none' | 'rolled-back' | 'stepped-up';
  readonly stage: StageName;
  readonly percent: number;
  readonly reason: string;
}

export interface RolloutStored {
  /** in force; the first one where nobody has set any */
  readonly setting: StageSetting;
  /** who set it; null: nobody has set anything */
  readonly change: StageChange | null;
  /** how the host binds its legacy path; null: no host has said */
  readonly legacyPath: 'handler' | 'queue' | 'none' | null;
  /** newest first, the last 20 */
  readonly history: readonly StageChange[];
  /** newest first, 200 at most */
  readonly pins: readonly PinStored[];
  /** newest first, the last 20 */
  readonly decisions: readonly StageDecision[];
}

export interface PinStored {
  readonly matchId: string;
  readonly route: 'legacy' | 'direct';
  readonly by: string;
  readonly reason: string | null;
  readonly atMs: number;
}

export interface HostStored {
  readonly host: string;
  /** since its last sign of life */
  readonly ageMs: number;
  readonly lease: HealthFacts['lease'] | null;
  readonly rollout: HealthFacts['rollout'] | null;
}

export interface LetterTotal {
  readonly reason: string;
  readonly letters: number;
  readonly bytes: number;
  /** marked for another attempt that no host has taken */
  readonly waiting: number;
}

/** Of the last 24 hours, as `livescore rollout report`. */
export interface ComparisonStored {
  readonly sinceMs: number;
  readonly matches: number;
  readonly consistent: number;
  readonly inconsistent: number;
  readonly errors: number;
  /** the newest differences, 20 at most */
  readonly samples: readonly ComparisonSample[];
  readonly lead: {
    readonly goals: number;
    readonly p50S: number | null;
    readonly p90S: number | null;
    readonly maxS: number | null;
    readonly awaited: number;
    readonly lostByLegacy: number;
  };
  readonly sources: readonly { readonly source: string; readonly changes: number; readonly goals: number }[];
}

export interface ComparisonSample {
  readonly matchId: string;
  /** ISO 8601 */
  readonly at: string;
  readonly why: string;
  readonly candidate: ShownState;
  readonly row: ShownState;
}

export interface ShownState {
  readonly status: number | null;
  readonly home: number;
  readonly away: number;
}

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
