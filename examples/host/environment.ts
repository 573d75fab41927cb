import type { MinuteOptions, SettlementOptions, SyncOptions } from '../../src/index.js';

/** Settings of the example host. What is null falls back to an embedded service. */
export interface HostEnvironment {
  readonly databaseUrl: string | null;
  readonly mqttUrl: string | null;
  readonly mqttUsername: string | undefined;
  readonly mqttPassword: string | undefined;
  readonly mqttTopic: string;
  readonly redisUrl: string | null;
  /** the address that is listened on; every one with `0.0.0.0` or `::` */
  readonly host: string;
  /** null: 3000, or any free port when that is taken */
  readonly port: number | null;
  /** proxies in front of the host: addresses and networks */
  readonly trustedProxies: readonly string[];
  /** pages that browsers may connect from; undefined: every one */
  readonly origins: readonly string[] | undefined;
  /** opens `GET /livescore/explain/:matchId`; undefined: only the key in `livescore_host` does */
  readonly internalSecret: string | undefined;
  /** opens the operations page at `/livescore`; undefined: there is none */
  readonly operationsSecret: string | undefined;
  /** what the tokens of WebSocket clients are signed with; undefined: nobody is asked for one */
  readonly jwtSecret: string | undefined;
  readonly mqttQos: 0 | 1;
  /** undefined: the package's default, as with the others */
  readonly mqttKeepaliveS: number | undefined;
  readonly restLagMs: number | undefined;
  readonly leaseTtlMs: number | undefined;
  /** from one recovery to the next, and the silence that starts one */
  readonly recoveryIntervalMs: number | undefined;
  readonly recoverySilenceMs: number | undefined;
  /** REST API of the provider; undefined: the package's default */
  readonly providerUrl: string | undefined;
  /** undefined, like the secret: the provider is never asked */
  readonly providerUser: string | undefined;
  readonly providerSecret: string | undefined;
  /** who writes minutes. @default 'on' */
  readonly minute: MinuteOptions['mode'];
  /** how often; undefined: the package's default */
  readonly minuteTickMs: number | undefined;
  /** who settles predictions. @default 'on' */
  readonly settlement: SettlementOptions['mode'];
  /** who keeps teams, players, fixtures and so on as the provider has them. @default 'off' */
  readonly sync: SyncOptions['mode'];
  /** requests per second to the provider, and how many may leave at once; undefined: the package's defaults */
  readonly providerRate: number | undefined;
  readonly providerBurst: number | undefined;
  /** `gateway`: serves clients and nothing else. @default 'both' */
  readonly role: 'both' | 'gateway';
  /** Redis that tells other instances what was committed; null: they read the journal */
  readonly busUrl: string | null;
  /** serves `GET /metrics` */
  readonly metrics: boolean;
  /** the stand-in of the legacy path writes until a match is taken over from it: see `livescore stage` */
  readonly rollout: boolean;
  /** how often the comparison of the two paths looks; undefined: the package's default */
  readonly rolloutCompareMs: number | undefined;
  /** receive→commit (p95) from which the direct path is taken back; undefined: the package's default */
  readonly rolloutMaxP95Ms: number | undefined;
}

/** Only this machine, until somebody says otherwise. */
const LOOPBACK = '127.0.0.1';

const LEAST_SECRET_BYTES = 32;

/** The provider's topic: one topic carries every match. */
export const PROVIDER_TOPIC = 'thesports/football/match/v1';

/**
 * Reads DATABASE_URL, MQTT_URL, MQTT_USERNAME, MQTT_PASSWORD, MQTT_TOPIC, MQTT_QOS, MQTT_KEEPALIVE_S, REDIS_URL,
 * REST_LAG_MS, LEASE_TTL_MS, RECOVERY_INTERVAL_MS, RECOVERY_SILENCE_MS, THESPORTS_API_URL, THESPORTS_API_USER,
 * THESPORTS_API_SECRET, THESPORTS_API_RATE, THESPORTS_API_BURST, LIVESCORE_MINUTE, LIVESCORE_SETTLEMENT and LIVESCORE_SYNC
 * (`off`, `shadow` or `on`), LIVESCORE_ROLE (`both` or `gateway`), REDIS_BUS_URL, MINUTE_TICK_MS, METRICS (`on` or `off`), ROLLOUT (`true`
 * or `false`), ROLLOUT_COMPARE_MS, ROLLOUT_MAX_P95_MS, HOST, TRUSTED_PROXIES and ORIGINS (separated by commas),
 * LIVESCORE_INTERNAL_SECRET, LIVESCORE_OPERATIONS_SECRET, LIVESCORE_JWT_SECRET and PORT; blank counts as unset.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): HostEnvironment {
  const value = (name: string) => env[name]?.trim() || undefined;
  return {
    databaseUrl: readUrl('DATABASE_URL', value('DATABASE_URL'), ['postgres:', 'postgresql:']),
    mqttUrl: value('MQTT_URL') ?? null,
    mqttUsername: value('MQTT_USERNAME'),
    mqttPassword: value('MQTT_PASSWORD'),
    mqttTopic: value('MQTT_TOPIC') ?? PROVIDER_TOPIC,
    redisUrl: readUrl('REDIS_URL', value('REDIS_URL'), ['redis:', 'rediss:']),
    host: value('HOST') ?? LOOPBACK,
    trustedProxies: value('TRUSTED_PROXIES')?.split(/[\s,]+/) ?? [],
    origins: value('ORIGINS')?.split(/[\s,]+/),
    internalSecret: value('LIVESCORE_INTERNAL_SECRET'),
    operationsSecret: value('LIVESCORE_OPERATIONS_SECRET'),
    jwtSecret: readSecret('LIVESCORE_JWT_SECRET', value('LIVESCORE_JWT_SECRET')),
    port: readWhole('PORT', value('PORT'), 0, 65_535) ?? null,
    mqttQos: readWhole('MQTT_QOS', value('MQTT_QOS'), 0, 1) === 1 ? 1 : 0,
    mqttKeepaliveS: readWhole('MQTT_KEEPALIVE_S', value('MQTT_KEEPALIVE_S'), 1, 65_535),
    restLagMs: readWhole('REST_LAG_MS', value('REST_LAG_MS'), 1_000, 600_000),
    leaseTtlMs: readWhole('LEASE_TTL_MS', value('LEASE_TTL_MS'), 2_000, 60_000),
    recoveryIntervalMs: readWhole('RECOVERY_INTERVAL_MS', value('RECOVERY_INTERVAL_MS'), 1_000, 600_000),
    recoverySilenceMs: readWhole('RECOVERY_SILENCE_MS', value('RECOVERY_SILENCE_MS'), 1_000, 600_000),
    providerUrl: value('THESPORTS_API_URL'),
    providerUser: value('THESPORTS_API_USER'),
    providerSecret: value('THESPORTS_API_SECRET'),
    minute: (value('LIVESCORE_MINUTE') ?? 'on') as MinuteOptions['mode'],
    minuteTickMs: readWhole('MINUTE_TICK_MS', value('MINUTE_TICK_MS'), 1_000, 300_000),
    settlement: (value('LIVESCORE_SETTLEMENT') ?? 'on') as SettlementOptions['mode'],
    sync: (value('LIVESCORE_SYNC') ?? 'off') as SyncOptions['mode'],
    providerRate: readWhole('THESPORTS_API_RATE', value('THESPORTS_API_RATE'), 1, 100),
    providerBurst: readWhole('THESPORTS_API_BURST', value('THESPORTS_API_BURST'), 1, 100),
    role: (value('LIVESCORE_ROLE') ?? 'both') as HostEnvironment['role'],
    busUrl: readUrl('REDIS_BUS_URL', value('REDIS_BUS_URL'), ['redis:', 'rediss:']),
    metrics: value('METRICS') === 'on',
    rollout: value('ROLLOUT') === 'true',
    rolloutMaxP95Ms: readWhole('ROLLOUT_MAX_P95_MS', value('ROLLOUT_MAX_P95_MS'), 1, 60_000),
    rolloutCompareMs: readWhole('ROLLOUT_COMPARE_MS', value('ROLLOUT_COMPARE_MS'), 100, 60_000),
  };
}

/** The value may carry a password anywhere: it is not repeated, and reaches no driver that might. */
function readUrl(name: string, text: string | undefined, protocols: readonly string[]): string | null {
  if (text === undefined) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && protocols.includes(url.protocol) && !/[@#]/.test(url.pathname + url.search + url.hash)) return text;
  const begin = protocols.map((protocol) => `${protocol}//`).join(' or ');
  throw new Error(`${name} must be an address that begins with ${begin}, user and password percent-encoded`);
}

/** HS256 needs as many bytes as its digest has. */
function readSecret(name: string, text: string | undefined): string | undefined {
  if (text === undefined || Buffer.byteLength(text) >= LEAST_SECRET_BYTES) return text;
  throw new Error(`${name} must have at least ${LEAST_SECRET_BYTES} bytes`);
}

function readWhole(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a number from ${min} to ${max}, received "${text}"`);
}
