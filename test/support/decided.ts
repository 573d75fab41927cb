import type { ScoreUpdate } from '../../src/domain/decide.js';
import { APPLIED, PULL_TOO_EARLY } from '../../src/domain/outcomes.js';
import type { ScoreDecision } from '../../src/score-writer/decision-ring.js';

/** An update with what became of it, as the writer writes it down. */
export function decided(update: ScoreUpdate, kind: 'applied' | 'stale'): ScoreDecision {
  return { atMs: update.receivedAtMs, update, outcome: kind === 'applied' ? APPLIED : PULL_TOO_EARLY, version: 1 };
}
