import { decide, NO_CIRCUMSTANCES, type ScoreUpdate } from '../../src/domain/decide.js';
import { emptyMatch } from '../../src/domain/empty-match.js';
import { hear } from '../../src/domain/hear.js';
import { type Heard, NOTHING_HEARD } from '../../src/domain/heard.js';
import type { MatchState } from '../../src/domain/match-state.js';
import type { MatchUpdate } from '../../src/domain/match-update.js';
import { sameSlots } from '../../src/domain/score.js';
import { decodeMessage } from '../../src/thesports/decode-message.js';
import { updateFaults } from '../../test/support/update-faults.js';

/** Slot by slot the most that a row may ever say: written again here, so that the decoder's own table is checked. */
const MOST = [99, 99, 15, 30, 60, 99, 99];

/** What the rows must be after some payloads: the guard applied to what the payloads say, one after the other. */
export class ExpectedRows {
  /** updates that stand in the payloads */
  updates = 0;
  private readonly states = new Map<string, MatchState>();
  private readonly heard = new Map<string, Heard>();

  constructor(matchIds: readonly string[]) {
    for (const matchId of matchIds) this.states.set(matchId, emptyMatch(matchId));
  }

  /** @returns what was read that does not stand in the payload */
  hear(payload: Buffer, receivedAtMs: number): readonly string[] {
    const origin = { source: 'mqtt', delivery: 'push', receivedAtMs, requestedAtMs: null } as const;
    const { updates } = decodeMessage(payload, origin);
    if (updates.length === 0) return [];
    this.updates += updates.length;
    for (const update of updates) if (hasScore(update)) this.apply(update, receivedAtMs);
    const json: unknown = JSON.parse(payload.toString());
    return updates.flatMap((update) => updateFaults(update, json));
  }

  /** @returns matches whose row is another, or none that a row can be */
  wrong(row: (matchId: string) => MatchState | undefined): readonly string[] {
    return [...this.states]
      .filter(([matchId, state]) => !isRight(row(matchId), state))
      .map(([matchId, state]) => `${matchId} is ${show(row(matchId))}, not ${show(state)}`);
  }

  private apply(update: ScoreUpdate, nowMs: number): void {
    const state = this.states.get(update.matchId);
    if (!state) return;
    const heard = this.heard.get(update.matchId) ?? NOTHING_HEARD;
    const context = { ...NO_CIRCUMSTANCES, nowMs, restLagMs: 30_000, heard };
    const { outcome, next } = decide(state, update, context);
    this.heard.set(update.matchId, hear(heard, update, outcome, state, context));
    this.states.set(update.matchId, next);
  }
}

function isRight(row: MatchState | undefined, expected: MatchState): boolean {
  if (!row) return false;
  const whole = [...row.home, ...row.away].every((count) => Number.isInteger(count) && count >= 0);
  const possible = [row.home, row.away].every((side) => side.every((count, slot) => count <= (MOST[slot] ?? 0)));
  const complete = row.home.length === 7 && row.away.length === 7;
  const same =
    row.status === expected.status && sameSlots(row.home, expected.home) && sameSlots(row.away, expected.away);
  return whole && possible && complete && same;
}

function show(state: MatchState | undefined): string {
  return state ? `${state.status} ${state.home} - ${state.away}` : 'missing';
}

function hasScore(update: MatchUpdate): update is ScoreUpdate {
  return update.score !== undefined;
}
