/** How much of the feed can be lost between broker and database, and what keeps it. */
export interface DeliveryFacts {
  /** quality of service that was asked for */
  readonly asked_qos: number;
  /** what the broker granted, by topic filter; 128 and above is refused */
  readonly granted_qos: Readonly<Record<string, number>>;
  /** the broker had kept our session when the connection began; null while disconnected */
  readonly session_present: boolean | null;
  readonly effective: 'at-most-once' | 'at-least-once';
  /** QoS 1 messages that are not acknowledged yet */
  readonly unacknowledged: number;
  /** age of the oldest of them, seconds; null when there is none */
  readonly oldest_unacknowledged_s: number | null;
}

/** Settings of the broker that decide what it keeps for us; named as Mosquitto names them. */
export interface BrokerHints {
  /** at least this many, or the broker waits for acknowledgements that follow the commit */
  readonly max_inflight_messages: number;
  /** at least this many: a minute without us at 1,500 messages a second. What does not fit, the broker drops */
  readonly max_queued_messages: number;
}

/** What is done about what the feed missed. */
export interface RecoveryReport {
  /** `off`: the provider cannot be asked */
  readonly state: 'off' | 'none' | 'due' | 'running';
  /** end of the last complete one, ISO 8601; null before the first */
  readonly last_at: string | null;
  /** code of why the last request failed; null when it did not */
  readonly last_error: string | null;
}

/** Of a host with the recovery module. */
export interface FeedStateFacts {
  readonly state: 'down' | 'recovering' | 'live' | 'delayed';
  /** ISO 8601: when the state began */
  readonly since: string;
  /** seconds back to the time up to which everything received is committed; null when nothing is known */
  readonly watermark_age_s: number | null;
  readonly recovery: RecoveryReport;
  /** matches that are being played; null while this process does not take the feed */
  readonly live_matches: number | null;
  /** of these, how many the feed does not speak of: their scores may be frozen */
  readonly no_feed: number | null;
}

/** The feed as it is now. Silence is not an outage: a quiet night has `connected: true` and no messages. */
export interface FeedFacts extends Partial<FeedStateFacts> {
  readonly connected: boolean;
  /** every topic was granted by the broker */
  readonly subscribed: boolean;
  /** seconds since the newest message, three decimals; null before the first */
  readonly seconds_since_message: number | null;
  readonly messages_60s: number;
  /** connections after the first one */
  readonly reconnects: number;
  readonly delivery: DeliveryFacts;
  /** with QoS 1 only */
  readonly broker_hints?: BrokerHints;
}

/** Which of several processes takes the feed. */
export interface LeaseFacts {
  /** it is this one, as far as it knows */
  readonly held: boolean;
  /** number of the term; null while standing by */
  readonly fence: number | null;
  /** the database said so lately */
  readonly confirmed: boolean;
}

/** Which matches this process lets go the direct way. */
export interface RolloutFacts {
  /** in force here: the one that is set, lowered by the two below */
  readonly stage: string;
  /** share of the matches that go the direct way here, 0–100 */
  readonly percent: number;
  /** `LIVESCORE_KILL_SWITCH`, or the option: everything is legacy here */
  readonly kill_switch: boolean;
  /** `LIVESCORE_MAX_STAGE`, or the option */
  readonly max_stage: string;
}

/** How the provider's REST API answers. */
export interface ProviderFacts {
  /** false without credentials */
  readonly enabled: boolean;
  /** ISO 8601; null before the first good answer */
  readonly last_success: string | null;
  /** the newest failure that no good answer followed; null while all is well */
  readonly last_error: { readonly code: string; readonly text: string; readonly at: string } | null;
  /** until then nobody asks, because the provider said "too many requests", ISO 8601; null when not paused */
  readonly paused_until: string | null;
  /** our address is not on the provider's list for at least one endpoint: its support must add it */
  readonly address_refused: boolean;
  /** those endpoints; others may answer */
  readonly refused_endpoints: readonly string[];
}

/** Whether the database takes what this process writes. */
export interface DatabaseFacts {
  readonly ok: boolean;
  /** one short line, without addresses; absent when it is well */
  readonly error?: string;
}

/** What knocks at the WebSocket endpoint. */
export interface SocketFacts {
  /** asked for the endpoint and are not closed yet, clients included */
  readonly taken: number;
  /** upgrades that got no WebSocket, since the start */
  readonly refused: number;
  /** clients cut off because they sent too much, read too slowly or answered no ping, since the start */
  readonly cut_off: number;
}

/** What is done about the minute, and what is in doubt about it. */
export interface MinuteFacts {
  /** `off`, `shadow` or `on`: in force here */
  readonly mode: string;
  /** in shadow mode: rows of the last tick that said another minute than the formula */
  readonly differences?: number;
  /** matches whose half-time came too early for their format */
  readonly formats_in_doubt: number;
}

/** What is done about predictions. */
export interface SettlementFacts {
  /** `off`, `shadow` or `on`: in force here */
  readonly mode: string;
  /** results of somebody else that were met since the start, and left alone */
  readonly foreign_results: number;
  /** different texts of predictions that no market has, since the start */
  readonly unknown_texts: number;
}

/** What is kept as the provider has it. */
export interface SyncFacts {
  /** `off`, `shadow` or `on`: in force here */
  readonly mode: string;
  /** entities and jobs whose run is under way, in whatever instance */
  readonly running: readonly string[];
  /** whose last run was partial or failed */
  readonly incomplete: readonly string[];
  /** switched off by name */
  readonly off: readonly string[];
}

/** What features tell of themselves in `GET /health`. */
export interface HealthFacts {
  /** absent in a host without the ingest module */
  readonly feed?: FeedFacts;
  /** absent in a host where everybody may take the feed */
  readonly lease?: LeaseFacts;
  /** absent in a host without the rollout */
  readonly rollout?: RolloutFacts;
  /** absent in a host without the provider module */
  readonly provider?: ProviderFacts;
  /** connected WebSocket clients; absent in a host without the broadcast module */
  readonly clients?: number;
  /** beside `clients` */
  readonly sockets?: SocketFacts;
  /** absent in a host without the minute module */
  readonly minute?: MinuteFacts;
  /** absent in a host without the settlement module */
  readonly settlement?: SettlementFacts;
  /** absent in a host without the sync module */
  readonly sync?: SyncFacts;
  /** matches whose feed insists on what the guard refuses */
  readonly disputed?: number;
  /** matches that stand still although the provider was asked; absent where nobody has looked */
  readonly stale?: number;
  /** beside `stale`: how many by reason */
  readonly stale_by_reason?: Readonly<Record<string, number>>;
}

/** What features tell of themselves in `GET /ready`. */
export interface ReadinessFacts {
  /** does the database answer? */
  readonly db?: DatabaseFacts;
  /** does the database take scores? Told as `db` where that is well */
  readonly writes?: DatabaseFacts;
  /** for information: a feed that is down makes no host unready. Absent without the recovery module */
  readonly feed?: { readonly state: FeedStateFacts['state'] };
  /** another process takes the feed, this one serves; absent where everybody may take it */
  readonly standby?: boolean;
}

/** Connections of the package's own pool. */
export interface PoolFacts {
  /** connections that run a statement */
  readonly active: number;
  /** connections there may be at most */
  readonly total: number;
  /** statements that wait for a connection */
  readonly waiting: number;
}

/** Clients of the WebSocket endpoint, as the platform names them. */
export interface WebSocketFacts {
  readonly activeConnections: number;
  /** since the start of the process, like the next one */
  readonly totalConnections: number;
  readonly totalDisconnections: number;
  /** since the endpoint opened; 0 before */
  readonly uptimeMs: number;
}

/** Live matches as the provider listed them last, beside those of the database at the same time. */
export interface LiveGap {
  readonly provider: number;
  readonly rows: number;
  /** listed as live, and no row says so */
  readonly onlyProvider: number;
  /** live by their rows, and not listed */
  readonly onlyRows: number;
}

/** What the sync knows of {@link LiveGap}. */
export interface LiveGapFacts {
  /** `off`: nothing is compared here; `standby`: another process compares; `unknown`: it should be known and is not */
  readonly state: 'known' | 'off' | 'standby' | 'unknown';
  /** null unless `known` */
  readonly gap: LiveGap | null;
}

/** What features tell of themselves to who shows the internal secret. */
export interface InternalFacts {
  /** absent in a host without the database module */
  readonly pool?: PoolFacts;
  /** absent in a host without the broadcast module */
  readonly webSocket?: WebSocketFacts;
  /** absent in a host without the sync module */
  readonly liveGap?: LiveGapFacts;
}
