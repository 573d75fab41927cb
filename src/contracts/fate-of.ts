import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import type { UpdateSink } from './update-sink.js';

/** Submits the update and tells its fate; for `applied`, after the commit. */
export function fateOf(update: MatchUpdate, sink: UpdateSink): Promise<Outcome> {
  return new Promise((resolve) => {
    sink.submit([update], { awaitsCommit: true, concluded: (_, outcome) => resolve(outcome) });
  });
}
