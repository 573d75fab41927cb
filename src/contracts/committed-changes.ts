import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { MatchEvent } from '../domain/match-event.js';
import type { MatchClock } from '../domain/match-minute.js';
import type { MatchState } from '../domain/match-state.js';
import type { MatchStatus } from '../domain/match-status.js';
import type { Incident, UpdateSource } from '../domain/match-update.js';

/** A change of score, status or kick-offs was committed. */
export interface ScoreCommitted {
  readonly kind: 'score';
  readonly matchId: string;
  readonly epoch: number;
  /** version the commit gave the row */
  readonly version: number;
  /** `foreign`: found by the drift check, written by somebody else */
  readonly source: UpdateSource | 'foreign';
  readonly before: MatchState;
  readonly after: MatchState;
  readonly events: readonly MatchEvent[];
  /** found by recovery: the goals of this change are old news */
  readonly catchUp: boolean;
  /** our clock, unix ms: receipt of the frame that carried the change */
  readonly receivedAtMs: number;
  /** our clock, unix ms: the commit was known to us */
  readonly committedAtMs: number;
}

/** A card or substitution that a newer list tells of another player or minute. */
export interface IncidentCorrected {
  readonly before: Partial<Incident>;
  readonly after: Incident;
}

/**
 * Incidents stored for the first time, or told otherwise than before; each is announced once, across restarts. Both lists are empty
 * where the feed only took incidents back.
 */
export interface IncidentsCommitted {
  readonly kind: 'incidents';
  readonly matchId: string;
  readonly fresh: readonly Incident[];
  readonly corrected: readonly IncidentCorrected[];
  readonly receivedAtMs: number;
  readonly committedAtMs: number;
}

/** The minute of a row moved on, and nothing else: its version is what it was. */
export interface MinuteCommitted {
  readonly kind: 'minute';
  readonly matchId: string;
  readonly epoch: number;
  readonly version: number;
  readonly status: MatchStatus;
  readonly minute: number;
  readonly clock: MatchClock;
  /** it went back, because somebody gave the period another kick-off */
  readonly kickoffCorrected?: true;
  /** our clock, unix ms: when it was computed */
  readonly receivedAtMs: number;
  readonly committedAtMs: number;
}

/** A committed change is one of three: score and status, incidents, or the minute. */
export type Committed = ScoreCommitted | IncidentsCommitted | MinuteCommitted;

/**
 * The stream carries the facts after the commit, in commit order per match. Publishing never throws into the writer: a
 * failing listener is logged by its owner.
 */
@Injectable()
export class CommittedChanges {
  private readonly subject = new Subject<readonly Committed[]>();
  readonly batches$: Observable<readonly Committed[]> = this.subject.asObservable();

  publish(batch: readonly Committed[]): void {
    this.subject.next(batch);
  }
}
