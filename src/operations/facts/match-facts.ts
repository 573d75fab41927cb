import type { ExplainedDecision, Explanation } from '../../contracts/explain-facts.js';
import type { LiveMatch, PinStored } from './stored-facts.js';

/** Why one match is as it is: everything that is known of it, on one axis. */
export interface MatchAnswer {
  readonly nowMs: number;
  readonly matchId: string;
  /** null: no such row, or the database is away (then `error` says so) */
  readonly row: MatchRow | null;
  /** why the database could not be read, as a code; frames are told from memory all the same */
  readonly error: string | null;
  readonly pin: PinStored | null;
  readonly explanation: Explanation;
  /** in order of time, 1,000 at most, the newest */
  readonly timeline: readonly TimelineEntry[];
}

export interface MatchRow extends LiveMatch {
  /** fields beside those of the list */
  readonly kickoffAtMs: number | null;
  readonly providerTimeMs: number | null;
  readonly updatedAtMs: number | null;
  readonly isLive: boolean;
}

export type TimelineEntry =
  | FrameEntry
  | VersionEntry
  | AnnouncementEntry
  | VerdictEntry
  | ForeignEntry
  | LetterEntry
  | WordEntry;

/** A frame and what the guard decided about it, from memory: the last 50. */
export interface FrameEntry extends Omit<ExplainedDecision, 'at'> {
  readonly lane: 'frame';
  readonly atMs: number;
}

/** A committed change, from the journal. */
export interface VersionEntry {
  readonly lane: 'version';
  /** commit, the database's clock */
  readonly atMs: number;
  readonly epoch: number;
  readonly version: number;
  readonly source: string;
  readonly before: JournalState | null;
  readonly after: JournalState;
  readonly receivedAtMs: number | null;
  readonly isCatchUp: boolean;
  /** of an operator's change */
  readonly by: string | null;
  readonly reason: string | null;
}

export interface JournalState {
  readonly status: number | null;
  readonly home: number | null;
  readonly away: number | null;
}

/** What clients were told: an incident by its key, or a goal from memory. */
export interface AnnouncementEntry {
  readonly lane: 'announced';
  readonly atMs: number;
  /** `incident`, `goal` or `goal-cancelled` */
  readonly kind: string;
  /** key of the incident, or the score after the goal */
  readonly text: string;
  readonly version: number | null;
}

/** A revision of a prediction. */
export interface VerdictEntry {
  readonly lane: 'verdict';
  readonly atMs: number;
  readonly predictionId: string;
  readonly revision: number;
  readonly market: string;
  readonly verdict: string;
  readonly result: string;
  readonly certainty: number;
  readonly reason: string;
  readonly score: string | null;
  readonly isShadow: boolean;
}

/** A write by somebody else. */
export interface ForeignEntry {
  readonly lane: 'foreign';
  readonly atMs: number;
  readonly version: number;
  readonly mode: string;
  readonly result: string;
}

/** A message that did not reach the row. */
export interface LetterEntry {
  readonly lane: 'letter';
  readonly atMs: number;
  readonly id: string;
  readonly reason: string;
  readonly detail: string | null;
}

/** What an operator said of the match: a word about its settlement, or a pin. */
export interface WordEntry {
  readonly lane: 'word';
  readonly atMs: number;
  readonly says: string;
  readonly by: string;
  readonly reason: string | null;
}

/** Matches by id or by the name of a team, 20 at most; those in play first, then those nearest to now. */
export interface SearchAnswer {
  readonly text: string;
  readonly matches: readonly LiveMatch[];
}
