import type { IncidentNews } from '../../domain/incident-list.js';
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

/** One row of the journal, with what is needed to tell it again. */
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

/** What was committed lately, by whichever process. Port and injection token in one. */
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
}
