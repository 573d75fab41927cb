import type {
  DatabaseFacts,
  HealthFacts,
  LiveGapFacts,
  PoolFacts,
  ReadinessFacts,
  WebSocketFacts,
} from '../contracts/health-facts.js';
import type { Balance } from '../kernel/accounting.js';
import type { ActionName } from './facts/action-facts.js';
import type { FeedChangeFact, GoalFact, LatencyNow, SeriesFacts } from './facts/recorded-facts.js';
import type { StoredFacts } from './facts/stored-facts.js';

export type {
  ActionBody,
  ActionDone,
  ActionName,
  ActionPreview,
  EndMatchBody,
  PinBody,
  RedriveBody,
  RefusedAnswer,
  SettlementBody,
  StageBody,
  SyncBody,
} from './facts/action-facts.js';
export { ACTION_NAMES } from './facts/action-facts.js';
export type {
  DeadLetterAnswer,
  DeadLettersAnswer,
  LetterStored,
} from './facts/letter-facts.js';
export type {
  AnnouncementEntry,
  ForeignEntry,
  FrameEntry,
  JournalState,
  LetterEntry,
  MatchAnswer,
  MatchRow,
  SearchAnswer,
  TimelineEntry,
  VerdictEntry,
  VersionEntry,
  WordEntry,
} from './facts/match-facts.js';
export type { FeedChangeFact, GoalFact, LatencyNow, Percentiles, SeriesFacts } from './facts/recorded-facts.js';
export { FEED_CODES } from './facts/recorded-facts.js';
export type {
  ForeignWritersStored,
  ForeignWriteStored,
  ReversalStored,
  SettlementStored,
  SizeStored,
  StaleStored,
  SyncJobStored,
  SyncStored,
} from './facts/side-facts.js';
export type {
  ComparisonSample,
  ComparisonStored,
  HostStored,
  LetterTotal,
  LiveMatch,
  LiveStored,
  PinStored,
  RolloutStored,
  Section,
  ShownState,
  StageChange,
  StageDecision,
  StageName,
  StageSetting,
  StoredFacts,
} from './facts/stored-facts.js';

/**
 * This file says what the routes of the operations page answer: one contract for the server and the page. Every time is unix ms
 * unless its name or comment says otherwise. Every text may hold anything that a provider or an operator wrote: it is shown as
 * text, never as markup.
 *
 * | route, under the path of the page | answer |
 * |---|---|
 * | `GET facts`, `GET facts?since=MS` | {@link OperationsFacts}, or with `since` {@link FactsSince} |
 * | `GET match/ID` | {@link MatchAnswer} |
 * | `GET search?text=TEXT` | {@link SearchAnswer} |
 * | `GET dead-letters?reason=R&match=ID&before=ID` | {@link DeadLettersAnswer} |
 * | `GET dead-letters/ID` | {@link DeadLetterAnswer} |
 * | `POST actions/NAME?preview` | {@link ActionPreview} |
 * | `POST actions/NAME` | {@link ActionDone} |
 *
 * Whatever is refused is answered with {@link RefusedAnswer}. A POST carries `content-type: application/json` and the header
 * {@link TOKEN_HEADER} with `OperationsFacts.token`. In `page.html` the text `%BASE%` stands for the page's folder, relative to
 * its own address, with `/` at its end, as in `<script type="module" src="%BASE%start.js">`; the script finds the routes beside
 * itself: `new URL('facts', import.meta.url)`.
 */
export const TOKEN_HEADER = 'x-livescore-token';

/** What everything on the page is drawn from. Asked once a second at most. */
export interface OperationsFacts {
  /** ISO 8601, the host's clock */
  readonly now: string;
  /** The same, unix ms: sent as `since` with the next question, so that only what is new of the three histories is answered. */
  readonly nowMs: number;
  /** False: {@link FactsSince}. */
  readonly isWhole: true;
  /** For {@link TOKEN_HEADER}; goes with a cookie that this answer sets. */
  readonly token: string;
  /** Who acts, as the host's guard knows; null: the page asks for a name and sends it as `by`. */
  readonly actor: string | null;
  /** Actions that this host offers; others are not shown. */
  readonly actions: readonly ActionName[];
  /** Path or URL of the WebSocket endpoint, for the client of protocol 2; null: the host has none. */
  readonly ws: string | null;
  readonly service: ServiceFacts;
  readonly process: ProcessFacts;
  /** As `GET /health` tells. */
  readonly health: HealthFacts;
  /** What became of every update received, as `GET /health` tells. */
  readonly accounting: Balance;
  /** As `GET /ready` tells; `writes` is told as `db` where that is well. */
  readonly ready: ReadyFacts;
  /** As `GET /health/pool`; null: no database module. */
  readonly pool: PoolFacts | null;
  /** As `GET /metrics/websocket`; null: no broadcast module. */
  readonly webSocket: WebSocketFacts | null;
  /** As `GET /sync/status`; null: no sync module. */
  readonly liveGap: LiveGapFacts | null;
  readonly totals: TotalFacts;
  readonly latency: LatencyNow;
  readonly series: SeriesFacts;
  /** Oldest first, the last 100. */
  readonly feedHistory: readonly FeedChangeFact[];
  /** Oldest first, the last 500, in the order they were told to clients. */
  readonly goals: readonly GoalFact[];
  /** Whether the database answers, at most 2 s old. Its sections stay as they were while it is away. */
  readonly database: DatabaseState;
  readonly stored: StoredFacts;
}

/** The facts for who has those of a while ago: the histories, and what is stored, hold only what came, or was read, since then. */
export interface FactsSince extends Omit<OperationsFacts, 'isWhole' | 'stored'> {
  readonly isWhole: false;
  readonly stored: Partial<StoredFacts>;
}

export interface ServiceFacts {
  /** option `health.service` */
  readonly name: string;
  /** option `health.commit` */
  readonly commit: string;
  readonly uptimeS: number;
  readonly pid: number;
  readonly node: string;
}

export interface ProcessFacts {
  readonly rssMb: number;
  readonly heapUsedMb: number;
  readonly heapTotalMb: number;
  /** delay of the event loop since the last point of the series, ms; null before there is one */
  readonly loopP99Ms: number | null;
  /** share of one core since the last point of the series, percent; null before there is one */
  readonly cpuPercent: number | null;
}

export interface ReadyFacts extends Pick<ReadinessFacts, 'feed' | 'standby'> {
  readonly ok: boolean;
  readonly db: DatabaseFacts;
  readonly draining: boolean;
  /** the host's own checks by name: `up`, `degraded` or `down`; absent where it has none */
  readonly checks?: Readonly<Record<string, string>>;
}

/** Counters since the start of the process, each equal to the metric of its name. */
export interface TotalFacts {
  /** `livescore_messages_total` */
  readonly messages: number;
  /** `livescore_updates_received_total` */
  readonly updates: number;
  /** observations of `livescore_receive_to_commit_seconds` */
  readonly commits: number;
  /** malformed parts, stale and illegal updates: `livescore_malformed_total` and `livescore_updates_total` of these outcomes */
  readonly rejected: number;
  /** `livescore_write_errors_total`, all codes */
  readonly errors: number;
  /** `livescore_ws_frames_total`, all types */
  readonly frames: number;
}

export interface DatabaseState {
  readonly ok: boolean;
  /** one short line without addresses; null when it is well */
  readonly error: string | null;
  /** since when it is so; null: since the start */
  readonly sinceMs: number | null;
}
