import type { MatchStatus } from './match-status.js';
import type { Slots } from './score.js';

/** A source says an update. Fits `*_source varchar(20)`. */
export type UpdateSource = 'admin' | 'mqtt' | 'api' | 'watchdog' | 'computed';

/** Score and status of one match at one moment: the part the guard judges. */
export interface ScoreReport {
  readonly status: MatchStatus;
  readonly home: Slots;
  readonly away: Slots;
  /** `score[4]`: kick-off of the current period, unix seconds; null when absent or 0. Not an update time. */
  readonly periodKickoffS: number | null;
}

/** One statistic, both teams, by the provider's type number. */
export interface Statistic {
  readonly type: number;
  readonly home: number;
  readonly away: number;
}

/** One match incident, provider field names; only `type`, `position` and `time` are certain. */
export interface Incident {
  readonly type: number;
  /** 0 neutral, 1 home, 2 away */
  readonly position: number;
  /** whole minutes */
  readonly time: number;
  readonly player_id?: string;
  readonly player_name?: string;
  readonly assist1_id?: string;
  readonly assist1_name?: string;
  readonly assist2_id?: string;
  readonly assist2_name?: string;
  readonly in_player_id?: string;
  readonly in_player_name?: string;
  readonly out_player_id?: string;
  readonly out_player_name?: string;
  readonly home_score?: number;
  readonly away_score?: number;
  readonly var_reason?: number;
  readonly var_result?: number;
  readonly reason_type?: number;
}

/** One line of commentary: text only, never evidence. */
export interface Commentary {
  readonly data: string;
  readonly time?: string;
  readonly position?: number;
}

/** What superseded updates of a match knew that the one which took their place does not say. */
export interface CarriedFacts {
  /** kick-offs they showed, unix seconds, by period */
  readonly kickoffs: {
    readonly firstHalfS?: number | null;
    readonly secondHalfS?: number | null;
    readonly overtimeS?: number | null;
  };
  /** the furthest live status among them */
  readonly reached: MatchStatus;
  /** slot by slot the highest count among them */
  readonly peak: { readonly home: Slots; readonly away: Slots };
  /** the newest provider time among them, unix seconds */
  readonly providerTimeS: number | null;
}

/** Everything one message says about one match. At least one of the four parts is present. */
export interface MatchUpdate {
  /** provider match id, opaque, not blank */
  readonly matchId: string;
  readonly source: UpdateSource;
  /** `push` came to us by itself; `pull` answers a request of ours, made at `requestedAtMs`. */
  readonly delivery: 'push' | 'pull';
  /** our clock at receipt, unix milliseconds */
  readonly receivedAtMs: number;
  /** our clock when the request left; null for pushes */
  readonly requestedAtMs: number | null;
  /** the provider's own update time, unix seconds; null on nearly every MQTT frame */
  readonly providerTimeS: number | null;
  /** The broker sent it before, or kept it: DUP, retained, or out of a resumed session's burst. */
  readonly redelivered?: true;
  /** It came in a resumed session's burst, which holds everything that the broker had not seen acknowledged. */
  readonly inBurst?: true;
  /** It is an entry of a list of fixtures (diary, recent list), which may be older than an answer about what is live. */
  readonly fromList?: true;
  /** when that entry last changed, the provider's clock, unix seconds: it knows nothing that came later */
  readonly listedAsOfS?: number | null;
  /** from updates whose place it took, see `supersede` */
  readonly carried?: CarriedFacts;
  readonly score?: ScoreReport;
  readonly statistics?: readonly Statistic[];
  readonly incidents?: readonly Incident[];
  readonly commentary?: readonly Commentary[];
}

/** An update the guard can judge. */
export type ScoreUpdate = MatchUpdate & { readonly score: ScoreReport };

export function hasScore(update: MatchUpdate): update is ScoreUpdate {
  return update.score !== undefined;
}
