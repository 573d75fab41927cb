import type { Kickoffs } from '../../domain/match-state.js';
import type { MatchStatus } from '../../domain/match-status.js';
import type { Incident } from '../../domain/match-update.js';

/** The columns that a minute follows from, as they stand in the row. */
export interface MinuteBasis {
  readonly status: MatchStatus;
  readonly kickoffs: Kickoffs;
  /** legacy kick-off column, else the scheduled start, unix seconds */
  readonly fallbackKickoffS: number | null;
}

/** The row is a match that is being played, as the table has it. */
export interface LiveRow extends MinuteBasis {
  readonly matchId: string;
  readonly version: number;
  /** after this statement */
  readonly minute: number | null;
  /** before it */
  readonly before: number | null;
  /** the minute is written by this statement */
  readonly written: boolean;
}

/** A minute is due for a match by its basis: it is written where the row has the same basis and another minute. */
export interface DueMinute {
  readonly matchId: string;
  readonly basis: MinuteBasis;
  readonly minute: number;
}

export interface TickCircumstances {
  /** nothing is written when the lease of the feed has a higher one; null: nobody leases the feed */
  readonly fence: number | null;
  /** our clock, unix seconds: the columns of the minute */
  readonly atS: number;
  /** null: all matches that are being played; else only these */
  readonly only: readonly string[] | null;
}

export interface TickAnswer {
  /** matches in play, but for those whose row had the basis and the minute that was due */
  readonly rows: readonly LiveRow[];
  /** matches that were due and are not among those in play */
  readonly gone: readonly string[];
}

/** What is looked up once, when a match is met for the first time. */
export interface Acquaintance {
  readonly matchId: string;
  /** incarnation of the row; 0 without a journal */
  readonly epoch: number;
  /** announcements of added time, oldest first */
  readonly announcements: readonly Incident[];
}

/** Switch, formats and disputes, as the tables have them. */
export interface MinuteSetting {
  /** null: nothing is set */
  readonly mode: string | null;
  readonly formats: readonly (readonly [scope: 'match' | 'competition', id: string, format: string])[];
  /** matches of about now whose competition has a format in the table or among those asked for */
  readonly matches: readonly (readonly [matchId: string, competitionId: string])[];
  /** matches whose half-time came too early, of the last 12 hours, without those whose own format is in the table */
  readonly disputed: readonly (readonly [matchId: string, playedS: number])[];
}

export interface FormatDispute {
  readonly matchId: string;
  readonly format: string;
  readonly playedS: number;
}

/**
 * The store keeps the minute columns of `ts_matches`, and the tables that steer them. Port and injection token in one.
 */
export abstract class MinuteStore {
  /**
   * One statement for all matches: writes the minutes that are due into rows that are free, have the same basis and
   * another minute, and reads the matches of status 2, 3, 4 and 5. Touches nothing but the minute and its provenance.
   */
  abstract tick(due: readonly DueMinute[], circumstances: TickCircumstances): Promise<TickAnswer>;

  /**
   * Other programs cannot move the minute of these matches, and of no others, for that long; not while another mode than
   * `on` is set in the database.
   * @param fence as in {@link TickCircumstances}
   */
  abstract hold(matchIds: readonly string[], forMs: number, fence: number | null): Promise<void>;

  abstract acquaint(matchIds: readonly string[]): Promise<readonly Acquaintance[]>;

  /**
   * @param competitions those that have a format by option
   * @param nowS unix seconds; null: no match is looked at
   */
  abstract setting(competitions: readonly string[], nowS: number | null): Promise<MinuteSetting>;

  /** Notes that the format of a match is in doubt; a second time it changes nothing. */
  abstract dispute(dispute: FormatDispute): Promise<void>;
}
