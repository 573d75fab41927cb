import type { ScoreCommitted } from '../contracts/committed-changes.js';
import type { MatchEvent } from '../domain/match-event.js';
import type { MatchState } from '../domain/match-state.js';
import type { Accepted } from './accepted.js';

/** A change that is in the database. */
export interface Commit {
  readonly before: MatchState;
  readonly after: MatchState;
  readonly accepted: Accepted;
  readonly events: readonly MatchEvent[];
}

/** The commit as everybody else is told of it. @param committedAtMs our clock, unix ms */
export function toFact({ before, after, accepted, events }: Commit, committedAtMs: number): ScoreCommitted {
  const { source, delivery } = accepted.newest.update;
  return {
    kind: 'score',
    matchId: after.matchId,
    epoch: after.epoch,
    version: after.version,
    source,
    before,
    after,
    events,
    catchUp: delivery === 'pull',
    receivedAtMs: accepted.receivedAtMs,
    committedAtMs,
  };
}
