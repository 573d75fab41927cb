import type { HealthFacts } from '../../contracts/health-facts.js';
import type { ForeignWritersStored, SettlementStored, SizeStored, StaleStored, SyncStored } from './side-facts.js';

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
  /** the others each 3 to 60 s, and at once after an action of the page; in play, those that changed last first, 200 at most */
  readonly matches: Section<readonly LiveMatch[]>;
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
  /** matches in play */
  readonly count: number;
  /** journal rows of the last minute, whoever made them */
  readonly changesLastMinute: number;
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
