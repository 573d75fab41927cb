import type { ChangeFrame, MatchView, SnapshotFrame } from '../../src/broadcast/ports/match-frames.js';
import type { MatchClock } from '../../src/domain/match-minute.js';

export const SAMPLE_CLOCK: MatchClock = {
  period: 'first-half',
  startedAt: 1_768_666_000,
  baseSeconds: 0,
  normalSeconds: 2_700,
  addedAnnouncedMinutes: null,
  running: true,
  estimated: false,
};

/** A match as a snapshot shows it, at `<epoch>.<version>`. */
export function matchView(position: string, more: Partial<MatchView> = {}): MatchView {
  return {
    matchId: 'm1',
    competitionId: 'c1',
    position,
    statusId: 2,
    homeScore: 0,
    awayScore: 0,
    scores: { home: [0, 0, 0, 0, -1, 0, 0], away: [0, 0, 0, 0, -1, 0, 0] },
    kickoffs: { firstHalf: 1_768_666_000, secondHalf: null, overtime: null },
    source: 'mqtt',
    receivedAt: 1_768_666_800_000,
    clock: SAMPLE_CLOCK,
    cards: [],
    substitutions: [],
    predictions: [],
    ...more,
  };
}

export function snapshotFrame(matches: readonly MatchView[], more: Partial<SnapshotFrame> = {}): SnapshotFrame {
  return { type: 'SNAPSHOT', recovered: true, matches, unknown: [], timestamp: 1_768_666_800_000, ...more };
}

/** A change from one position to the next. */
export function changeFrame(previous: string, position: string, more: Partial<ChangeFrame> = {}): ChangeFrame {
  const { cards, substitutions, predictions, competitionId, ...proven } = matchView(position);
  return {
    ...proven,
    type: 'CHANGE',
    previous,
    events: [],
    committedAt: 1_768_666_800_000,
    timestamp: 1_768_666_800_000,
    ...more,
  };
}

/** A change by which the home team scores its `homeScore`th goal. */
export function goalFrame(previous: string, position: string, homeScore: number, more: Partial<ChangeFrame> = {}) {
  const score = { homeScore, awayScore: 0 };
  const goal = { type: 'goal', side: 'home', ...score, time: 12, playerId: null, playerName: 'A' } as const;
  return changeFrame(previous, position, { ...score, events: [goal, { type: 'score-changed', ...score }], ...more });
}
