import type { MatchUpdate } from '../../src/domain/match-update.js';
import { APPLIED, PULL_TOO_EARLY } from '../../src/domain/outcomes.js';
import type { RecordedDecision } from '../../src/score-writer/ports/recent-decisions.js';

/** An update with what became of it, as the writer writes it down. */
export function decided(update: MatchUpdate, kind: 'applied' | 'stale'): RecordedDecision {
  return { atMs: update.receivedAtMs, update, outcome: kind === 'applied' ? APPLIED : PULL_TOO_EARLY, version: 1 };
}
