import type { MinuteCommitted, ScoreCommitted } from '../../src/contracts/committed-changes.js';
import type { MatchEvent } from '../../src/domain/match-event.js';
import { matchClock } from '../../src/domain/match-minute.js';
import type { MatchState } from '../../src/domain/match-state.js';
import { MatchStatus } from '../../src/domain/match-status.js';
import { displayScore, NO_SCORE, type Slots } from '../../src/domain/score.js';

/** 2026-01-17 16:21:30.123 UTC, the time of the sample frames */
export const SAMPLE_NOW_MS = 1_768_666_890_123;

export const slots = (regular: number, extraTime = 0, shootout = 0): Slots => [
  regular,
  0,
  0,
  0,
  0,
  extraTime,
  shootout,
];

/** Second half, 67th minute, 1-1. */
export function matchState(fields: Partial<MatchState> = {}): MatchState {
  const home = fields.home ?? slots(1);
  const away = fields.away ?? slots(1);
  return {
    matchId: 'l7oqdehg6ko3r51',
    epoch: 1,
    version: 11,
    status: MatchStatus.SecondHalf,
    statusSinceS: null,
    statusSource: 'mqtt',
    home,
    away,
    scoreSource: 'mqtt',
    scoreSourceAtS: null,
    kickoffs: { firstHalfS: 1_768_660_000, secondHalfS: 1_768_664_000, overtimeS: null },
    kickoffSources: {},
    minute: 67,
    providerTimeS: null,
    seenAtMs: null,
    pulledAtMs: null,
    reached: MatchStatus.SecondHalf,
    peak: { home: NO_SCORE, away: NO_SCORE },
    announced: { home: 1, away: 1 },
    shown: { home: displayScore(home), away: displayScore(away) },
    torn: false,
    ...fields,
  };
}

/** What the writer publishes after it committed `after`. */
export function scoreCommitted(
  after: Partial<MatchState> = {},
  events: readonly MatchEvent[] = [],
  fields: Partial<ScoreCommitted> = {},
): ScoreCommitted {
  const state = matchState({ version: 12, ...after });
  return {
    kind: 'score',
    matchId: state.matchId,
    epoch: state.epoch,
    version: state.version,
    source: 'mqtt',
    before: matchState({ matchId: state.matchId, epoch: state.epoch, version: state.version - 1 }),
    after: state,
    events,
    catchUp: false,
    receivedAtMs: SAMPLE_NOW_MS - 9,
    committedAtMs: SAMPLE_NOW_MS - 1,
    ...fields,
  };
}

/** What the minute module publishes after a tick. */
export function minuteCommitted(fields: Partial<MinuteCommitted> = {}): MinuteCommitted {
  const { matchId, epoch, version, status, kickoffs } = matchState({ version: 12 });
  return {
    kind: 'minute',
    matchId,
    epoch,
    version,
    status,
    minute: 68,
    clock: matchClock({ status, kickoffs }),
    receivedAtMs: SAMPLE_NOW_MS - 9,
    committedAtMs: SAMPLE_NOW_MS - 1,
    ...fields,
  };
}
