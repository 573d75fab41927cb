import { MatchStatus } from '../match-status.js';
import type { Slots } from '../score.js';
import type { Goals } from './market.js';

/** One committed version of a match, as the journal has it. */
export interface CommittedStep {
  readonly epoch: number;
  readonly version: number;
  /** who wrote it: `mqtt`, `api`, `admin`, `revert`, `foreign` … */
  readonly source: string;
  readonly status: MatchStatus;
  /** null where the row had no readable slots */
  readonly home: Slots | null;
  readonly away: Slots | null;
  /** provider time, unix seconds */
  readonly providerTimeS: number | null;
  /** commit, database clock, unix ms */
  readonly atMs: number;
}

/** Goals of a period since the version that made them so. */
export interface Scored extends Goals {
  readonly epoch: number;
  readonly version: number;
  readonly atMs: number;
}

/** How a period ended: provisional until it stood, or somebody whose word counts said so. */
export interface PeriodEnd {
  readonly atMs: number;
  readonly certain: boolean;
  /** provider time of the newest version that its goals come from, unix seconds */
  readonly providerTimeS: number | null;
}

export interface PeriodPath {
  /** The scores that the period rose to; what was taken back is gone. The last one counts, and the first decides markets. */
  readonly trail: readonly Scored[];
  /** null while it is played, and before */
  readonly end: PeriodEnd | null;
}

/** Two halves, as nearly always; a half-time that came too early; or a format without a half-time. */
export type PeriodFormat = 'halves' | 'disputed' | 'other';

/** Out of play: since when, how, and what follows. */
export interface OutOfPlay {
  readonly sinceMs: number;
  /** 9 to 13; 8 for an end without play */
  readonly status: MatchStatus;
  /** a result of it was awarded, not played */
  readonly awarded: boolean;
  /** what is undecided is void */
  readonly final: boolean;
}

/** Why the path moved last. */
export type SettlementCause =
  | 'goal'
  | 'var'
  | 'half-time'
  | 'full-time'
  | 'stood'
  | 'resumed'
  | 'postponed'
  | 'interrupted'
  | 'abandoned'
  | 'cancelled'
  | 'awarded'
  | 'deadline'
  | 'format'
  | 'admin'
  | 'correction';

/**
 * All that verdicts of one match follow from: a fold over its committed versions, the passing of time, and what people say.
 * Plain JSON: it is stored, and the same versions make the same path.
 */
export interface SettlementPath {
  readonly epoch: number;
  readonly version: number;
  /** commit of that version, or the moment that followed it, unix ms */
  readonly atMs: number;
  readonly status: MatchStatus;
  /** it was played: seen live, known from its incidents, or an operator says so */
  readonly played: boolean;
  /** extra time or a shoot-out was reached: regular time can have no further goal */
  readonly extra: boolean;
  readonly half: PeriodPath;
  readonly match: PeriodPath;
  readonly out: OutOfPlay | null;
  readonly format: PeriodFormat;
  /** a change after the confirmation waits for somebody whose word counts */
  readonly heldBack: boolean;
  /** the full time is so old that nobody will tell a missing half-time any more */
  readonly lapsed: boolean;
  readonly cause: SettlementCause;
}

/** What is said beside the versions of the match. */
export type SettlementWord =
  | { readonly atMs: number; readonly says: 'played' | 'void' | 'accept' }
  | { readonly atMs: number; readonly says: 'format'; readonly format: PeriodFormat };

export interface SettlementLimits {
  /** for how long a full time must stand, ms: until then the match may go on */
  readonly confirmAfterMs: number;
  /** when what is undecided in a match out of play is void, ms */
  readonly voidAfterMs: number;
}

export const SETTLEMENT_LIMITS: SettlementLimits = { confirmAfterMs: 20 * 60_000, voidAfterMs: 48 * 3_600_000 };

const UNPLAYED: PeriodPath = { trail: [], end: null };

/** The path before the first version. */
export const EMPTY_PATH: SettlementPath = {
  epoch: 0,
  version: -1,
  atMs: 0,
  status: MatchStatus.NotStarted,
  played: false,
  extra: false,
  half: UNPLAYED,
  match: UNPLAYED,
  out: null,
  format: 'halves',
  heldBack: false,
  lapsed: false,
  cause: 'correction',
};
