import type { IncidentNews } from '../../domain/incident-list.js';
import type { MatchFormat } from '../../domain/match-format.js';
import type { Kickoffs } from '../../domain/match-state.js';
import type { MatchStatus } from '../../domain/match-status.js';
import type { Incident, UpdateSource } from '../../domain/match-update.js';
import type { Slots } from '../../domain/score.js';

/** A match as the journal keeps it. */
export interface JournaledState {
  readonly status: MatchStatus;
  /** null where the row had none */
  readonly home: Slots | null;
  readonly away: Slots | null;
  readonly kickoffs: Kickoffs;
}

/** A journaled change is one row of the journal, with what is needed to tell it again. */
export interface JournaledChange {
  readonly matchId: string;
  readonly epoch: number;
  readonly version: number;
  readonly source: UpdateSource | 'foreign';
  readonly catchUp: boolean;
  /** null when it was not known */
  readonly before: JournaledState | null;
  readonly after: JournaledState;
  /** minute that clients were told; null when none */
  readonly minute: number | null;
  /** what named the scorers; null: the change told of no goal */
  readonly goalIncidents: readonly Incident[] | null;
  /** what our writer had announced last before this change; null when nothing */
  readonly announced: JournaledState | null;
  /** receipt of the update, clock of the process that received it, unix ms */
  readonly receivedAtMs: number;
  /** clock of the store, unix ms */
  readonly committedAtMs: number;
  /** the match row now; null when it is gone */
  readonly row: CurrentRow | null;
  /** what the clock of the match is made of beside its versions, as the database has it now; only `after` tells it */
  readonly times?: TimesOfMatch;
}

export interface TimesOfMatch {
  /** legacy kick-off column, else the scheduled start, unix seconds */
  readonly fallbackKickoffS: number | null;
  /** as the table of formats has it; null when it says nothing */
  readonly format: MatchFormat | null;
  /** added time that was announced, oldest first */
  readonly announcements: readonly Incident[];
}

/** A position in the journal of a match: incarnation of the row, and version. */
export interface JournalPosition {
  readonly epoch: number;
  readonly version: number;
}

/** From where on the versions of a match are wanted. */
export interface WantedVersions {
  readonly matchId: string;
  readonly after: JournalPosition;
}

/** Versions of several matches. */
export interface JournalSlice {
  /** those of one match stand together, in order, and none is left out between two of them */
  readonly changes: readonly JournaledChange[];
  /** there is more: what follows the last one, and matches that are not among them */
  readonly isCut: boolean;
}

export interface CurrentRow extends JournaledState {
  readonly version: number;
  readonly minute: number | null;
}

/** An incident that was announced, with what it told. */
export interface AnnouncedIncident extends IncidentNews {
  readonly matchId: string;
  /** clock of the store, unix ms */
  readonly announcedAtMs: number;
}

/** The port tells what was committed lately, by whichever process. Port and injection token in one. */
export abstract class RecentChanges {
  /**
   * The changes committed within the last `withinMs` by the clock of the store, in the order of commit.
   * @param limit at most so many, the newest
   */
  abstract load(withinMs: number, limit: number): Promise<readonly JournaledChange[]>;

  /**
   * The incidents announced within the last `withinMs` by the clock of the store, in the order of announcement.
   * @param limit at most so many, the newest
   */
  abstract incidents(withinMs: number, limit: number): Promise<readonly AnnouncedIncident[]>;

  /**
   * Every version of these matches after the position that is named.
   * @param wanted each match once
   * @param limit at most so many versions together
   */
  abstract after(wanted: readonly WantedVersions[], limit: number): Promise<JournalSlice>;
}
