import { decide, type GuardContext, NO_CIRCUMSTANCES, type ScoreUpdate } from '../../src/domain/decide.js';
import { deriveEvents } from '../../src/domain/derive-events.js';
import { hear } from '../../src/domain/hear.js';
import { type Heard, NOTHING_HEARD } from '../../src/domain/heard.js';
import type { MatchEvent } from '../../src/domain/match-event.js';
import type { MatchState } from '../../src/domain/match-state.js';
import type { MatchStatus } from '../../src/domain/match-status.js';
import type { Outcome } from '../../src/domain/outcome.js';
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
  readonly redelivered?: true;
  readonly inBurst?: true;
  readonly fromList?: true;
  readonly listedAsOfS?: number;
  readonly carried?: ScoreUpdate['carried'];
  readonly feedBehind?: boolean;
  readonly brokerEmptyAtS?: number;
  readonly provider?: GuardContext['provider'];
  readonly providerSkewMs?: number;
}

/** What the guard is told beside the report. */
export type Circumstances = Pick<
  Report,
  'atS' | 'waited' | 'feedBehind' | 'brokerEmptyAtS' | 'providerSkewMs' | 'provider'
>;

export function toUpdate(report: Report): ScoreUpdate {
  const pulled = report.pulledAfterS !== undefined;
  return {
    matchId: 'l7oqdehg6ko3r51',
    source: report.source ?? (pulled ? 'api' : 'mqtt'),
    delivery: pulled ? 'pull' : 'push',
    receivedAtMs: Math.round(report.atS * 1000),
    requestedAtMs: pulled ? Math.round((report.atS - (report.pulledAfterS ?? 0)) * 1000) : null,
    providerTimeS: report.providerTimeS ?? null,
    redelivered: report.redelivered,
    inBurst: report.inBurst,
    fromList: report.fromList,
    listedAsOfS: report.listedAsOfS,
    carried: report.carried,
    score: {
      status: report.status,
      home: report.home ?? NO_SCORE,
      away: report.away ?? NO_SCORE,
      periodKickoffS: report.kickoffS ?? null,
    },
  };
}

/** A match told report by report, every accepted one committed at once, and everything heard. */
export class History {
  state: MatchState;
  readonly events: MatchEvent[] = [];
  readonly outcomes: string[] = [];
  heard: Heard = NOTHING_HEARD;

  constructor(state: MatchState = freshMatch()) {
    this.state = state;
  }

  /** @returns `kind/reason` of the guard's answer */
  tell(report: Report): string {
    const update = toUpdate(report);
    const { state } = this;
    const outcome = this.judge(update, report);
    this.heard = hear(this.heard, update, outcome, state, this.context(report));
    const answer = `${outcome.kind}/${outcome.reason}`;
    this.outcomes.push(answer);
    return answer;
  }

  /** Without hearing it. */
  protected judge(update: ScoreUpdate, circumstances: Circumstances): Outcome {
    const { outcome, next } = decide(this.state, update, this.context(circumstances));
    if (outcome.kind === 'applied') {
      this.events.push(...deriveEvents(this.state, next, []));
      this.state = { ...next, version: this.state.version + 1 };
    } else {
      this.state = next;
    }
    return outcome;
  }

  private context({ atS, waited, feedBehind, brokerEmptyAtS, providerSkewMs, provider }: Circumstances): GuardContext {
    return {
      ...NO_CIRCUMSTANCES,
      nowMs: Math.round(atS * 1000),
      waited: waited ?? false,
      restLagMs: 30_000,
      feedBehind: feedBehind ?? false,
      brokerEmptyAtMs: brokerEmptyAtS === undefined ? Number.POSITIVE_INFINITY : brokerEmptyAtS * 1000,
      providerSkewMs: providerSkewMs ?? 0,
      provider: provider ?? 'absent',
      heard: this.heard,
    };
  }

  get score(): string {
    return `${this.state.shown.home}-${this.state.shown.away}`;
  }

  count(type: MatchEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }
}
