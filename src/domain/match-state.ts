import type { MatchStatus } from './match-status.js';
import type { UpdateSource } from './match-update.js';
import type { Slots } from './score.js';

/** Source of what a program wrote that is none of ours, and no authority. */
export const FOREIGN = 'foreign';

/** Kick-off of each period, unix seconds, null when not known. */
export interface Kickoffs {
  readonly firstHalfS: number | null;
  readonly secondHalfS: number | null;
  readonly overtimeS: number | null;
}

/** Which kick-offs came from the feed or the provider. The others are estimates and may be replaced once. */
export interface KickoffSources {
  readonly firstHalf?: UpdateSource;
  readonly secondHalf?: UpdateSource;
  readonly overtime?: UpdateSource;
}

/** Goals per side, as our writer last announced them to clients. */
export interface AnnouncedGoals {
  readonly home: number;
  readonly away: number;
}

/** Display score per side. */
export interface ShownScore {
  readonly home: number;
  readonly away: number;
}

/** What a loaded row tells of who wrote it. */
export interface RowOrigin {
  /** `last_update_source`: the program that wrote the row last, as it calls itself */
  readonly lastSource: string | null;
  /** who made this version, as the journal has it; null when the journal does not know the version */
  readonly journaledBy: string | null;
  /** an authority made this version in a transaction of its own: the trigger saw it */
  readonly byAuthority: boolean;
  /** and its statement set a kick-off */
  readonly movedKickoffs: boolean;
  /** the goals are those of an earlier commit of ours, and not of the last one */
  readonly isEarlier: boolean;
  /** the columns readers use, as text: a plain UPDATE of somebody else leaves the version, and changes this */
  readonly fingerprint: string;
}

/**
 * This state is one match as the guard sees it: the `ts_matches` row, plus what was accepted and is not written yet.
 * Times in seconds are the provider's or the database's, times in milliseconds are our receipt clock.
 */
export interface MatchState {
  readonly matchId: string;
  /** Incarnation of the row: rises when a version is seen to fall (restore, re-insert). */
  readonly epoch: number;
  /** `score_version`: rises by one with every committed change of score, status or kick-offs. */
  readonly version: number;
  readonly status: MatchStatus;
  /** when `status` was first committed, unix seconds; null when unknown */
  readonly statusSinceS: number | null;
  readonly statusSource: UpdateSource | string | null;
  readonly home: Slots;
  readonly away: Slots;
  readonly scoreSource: UpdateSource | string | null;
  /** when the score was last accepted from `scoreSource`, unix seconds */
  readonly scoreSourceAtS: number | null;
  readonly kickoffs: Kickoffs;
  readonly kickoffSources: KickoffSources;
  /** stands in for the first kick-off while that is not known: legacy kick-off column, else scheduled start, unix seconds */
  readonly fallbackKickoffS?: number | null | undefined;
  readonly minute: number | null;
  /** `provider_update_time`: newest true provider time written */
  readonly providerTimeS: number | null;
  /** `score_seen_at`: receipt of the last push that carried score and status, applied or duplicate */
  readonly seenAtMs: number | null;
  /** request time of the last applied pull, our clock; null before the first */
  readonly pulledAtMs: number | null;
  /** the furthest live status ever committed: tells a new period from one already left */
  readonly reached: MatchStatus;
  /** highest counts seen in any accepted report: a late frame never shows more */
  readonly peak: { readonly home: Slots; readonly away: Slots };
  readonly announced: AnnouncedGoals;
  /** the display columns as readers see them now; differ from the slots only after a foreign write */
  readonly shown: ShownScore;
  /** The columns readers use disagree with each other (foreign writer): equal content still needs a write. */
  readonly torn: boolean;
  /** of a row that was loaded; absent in a state that we made ourselves */
  readonly origin?: RowOrigin;
}
