import type { MatchView, PredictionView } from '../broadcast/ports/match-frames.js';
import type { MatchEvent } from '../domain/match-event.js';

/**
 * A client is in one of these states: `connecting`, `resuming` (connected, the answers to what it asked for are not all
 * here), `live`, `waiting` (it will connect by itself), `hidden` (it will when the page is visible), `refused` (the
 * server does not accept who it is, and there is no function to ask for another token) and `stopped`.
 */
export type ConnectionState = 'stopped' | 'connecting' | 'resuming' | 'live' | 'waiting' | 'hidden' | 'refused';

/** A goal was scored, as the event of that type tells it. */
export type GoalEvent = Extract<MatchEvent, { readonly type: 'goal' }>;

/** Something of a match is not as it was. */
export interface MatchNews {
  /** as it is now */
  readonly match: MatchView;
  readonly previous: MatchView;
  /** `reset`: the server could not continue from the position that was held, and shows the match anew */
  readonly cause: 'change' | 'snapshot' | 'reset' | 'clock' | 'details';
  /** what happened, in order; empty when it came with a snapshot */
  readonly events: readonly MatchEvent[];
  /** old news: found by recovery, or told again on request */
  readonly late: boolean;
}

/** A client has these events, with what their listeners get. */
export interface LiveEvents {
  /** A goal was scored; each is told once. `homeScore` and `awayScore` of `goal` are those after it. */
  goal: { readonly match: MatchView; readonly goal: GoalEvent; readonly position: string; readonly late: boolean };
  /** The score is another one, for whatever reason. */
  score: MatchNews;
  /** The status is another one. */
  state: MatchNews;
  /** The clock is another one. */
  clock: MatchNews;
  /** A prediction is new, or says something else. */
  prediction: {
    readonly match: MatchView;
    readonly prediction: PredictionView;
    readonly previous: PredictionView | undefined;
  };
  connection: { readonly state: ConnectionState };
  /**
   * Changes of a match were missed: its state is the newest one, what happened in between is not known, or comes with
   * `late` when the client was made with `replay`.
   */
  gap: {
    readonly matchId: string;
    /** position that was held */
    readonly had: string;
    readonly position: string;
    readonly cause: 'missed' | 'reset';
  };
  /** Something went wrong; the client goes on by itself unless its state is `refused`. */
  error: { readonly code: string; readonly message: string };
}
