import { decide, type ScoreUpdate } from '../../src/domain/decide.js';
import { deriveEvents } from '../../src/domain/derive-events.js';
import type { MatchEvent } from '../../src/domain/match-event.js';
import type { MatchState } from '../../src/domain/match-state.js';
import type { MatchStatus } from '../../src/domain/match-status.js';
import { NO_SCORE, type Slots } from '../../src/domain/score.js';
import { emptyRow } from '../../src/testing/in-memory-score-row.js';

/** First-half kick-off of every story, unix seconds. */
export const KICKOFF_S = 1_768_662_000;
export const MINUTE_S = 60;

/** Seven slots from the few that matter. */
export function slots(
  goals: number,
  more: Partial<Record<'ht' | 'red' | 'yellow' | 'corners' | 'et' | 'pens', number>> = {},
): Slots {
  return [goals, more.ht ?? 0, more.red ?? 0, more.yellow ?? 0, more.corners ?? 0, more.et ?? 0, more.pens ?? 0];
}

export function freshMatch(changes: Partial<MatchState> = {}): MatchState {
  return { ...emptyRow('l7oqdehg6ko3r51'), ...changes };
}

export interface Report {
  /** unix seconds of arrival, may have a fraction */
  readonly atS: number;
  readonly status: MatchStatus;
  readonly home?: Slots;
  readonly away?: Slots;
  readonly kickoffS?: number | null;
  readonly providerTimeS?: number | null;
  readonly source?: ScoreUpdate['source'];
  /** makes it a pull, requested this many seconds before it arrives */
  readonly pulledAfterS?: number;
  readonly waited?: boolean;
  readonly feedMayLag?: boolean;
  readonly providerSkewMs?: number;
}

export function toUpdate(report: Report): ScoreUpdate {
  const pulled = report.pulledAfterS !== undefined;
  return {
    matchId: 'l7oqdehg6ko3r51',
    source: report.source ?? (pulled ? 'api' : 'mqtt'),
    delivery: pulled ? 'pull' : 'push',
    receivedAtMs: Math.round(report.atS * 1000),
    requestedAtMs: pulled ? Math.round((report.atS - (report.pulledAfterS ?? 0)) * 1000) : null,
    providerTimeS: report.providerTimeS ?? null,
    score: {
      status: report.status,
      home: report.home ?? NO_SCORE,
      away: report.away ?? NO_SCORE,
      periodKickoffS: report.kickoffS ?? null,
    },
  };
}

/** A match told report by report, every accepted one committed at once. */
export class History {
  state: MatchState;
  readonly events: MatchEvent[] = [];
  readonly outcomes: string[] = [];

  constructor(state: MatchState = freshMatch()) {
    this.state = state;
  }

  /** @returns `kind/reason` of the guard's answer */
  tell(report: Report): string {
    const { outcome, next } = decide(this.state, toUpdate(report), {
      nowMs: Math.round(report.atS * 1000),
      waited: report.waited ?? false,
      restLagMs: 30_000,
      feedMayLag: report.feedMayLag ?? false,
      providerSkewMs: report.providerSkewMs ?? 0,
    });
    if (outcome.kind === 'applied') {
      this.events.push(...deriveEvents(this.state, next, []));
      this.state = { ...next, version: this.state.version + 1 };
    } else {
      this.state = next;
    }
    const answer = `${outcome.kind}/${outcome.reason}`;
    this.outcomes.push(answer);
    return answer;
  }

  get score(): string {
    return `${this.state.shown.home}-${this.state.shown.away}`;
  }

  count(type: MatchEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }
}
