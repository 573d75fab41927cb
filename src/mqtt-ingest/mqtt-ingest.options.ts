import { randomBytes } from 'node:crypto';
import { optionsOf } from '../kernel/options.js';
import { checked, derived, integer, object, oneOf, text } from '../kernel/options-rules.js';
import { parseBrokerUrl } from './broker-url.js';
import { type MqttTlsOptions, refuseCertificates, TLS_RULE } from './mqtt-tls.options.js';
import { isTopicFilter } from './topic-filter.js';

/**
 * These options configure {@link MqttIngestModule}. Every one has a default that fits the provider's production feed.
 */
export interface MqttIngestOptions {
  /**
   * Broker address, `mqtt://`, `mqtts://`, `ws://` or `wss://`. Credentials inside it are taken as `username` and
   * `password`. @default 'mqtt://mq.thesports.com'
   */
  readonly url?: string;
  /** Topic filters, at least one, `+` and `#` allowed, no `$share`. @default ['thesports/football/match/v1'] */
  readonly topics?: readonly string[];
  /** User name at the broker, not blank. @default none */
  readonly username?: string;
  /** Password, only together with a user name. Never logged. @default none */
  readonly password?: string;
  /**
   * Client id, 1 to 128 characters. Two processes with the same id throw each other off the broker.
   * @default that of the ingest lease; without a lease `livescore` and 12 random characters, for the life of the process
   */
  readonly clientId?: string;
  /** Quality of service to subscribe with. @default 0 */
  readonly qos?: 0 | 1;
  /**
   * When QoS 1 messages are acknowledged: after the commit that contains their effect or their dead letter, or by the
   * client library as soon as they are received (what is not written yet is lost with the process). @default 'after-commit'
   */
  readonly acknowledge?: 'after-commit' | 'on-receipt';
  /**
   * `persistent`: the broker keeps subscription and unacknowledged QoS 1 messages while we are away; that needs a client
   * id that outlives the process. @default 'persistent' with QoS 1, 'clean' with QoS 0
   */
  readonly session?: 'clean' | 'persistent';
  /** MQTT 5: seconds that the broker keeps a persistent session, 1 to 4,294,967,294. @default 3_600 */
  readonly sessionExpiryS?: number;
  /** MQTT 5: QoS 1 messages that the broker may send ahead of their acknowledgements, 1 to 65,535. @default 1_000 */
  readonly receiveMaximum?: number;
  /**
   * QoS 1 messages that may be unacknowledged before reading from the broker pauses, 10 to 32,767. It goes on when a quarter of
   * them is settled; the connection stays meanwhile. @default 12_000
   */
  readonly maxUnacknowledged?: number;
  /** MQTT version: 4 is 3.1.1. @default 4 */
  readonly protocolVersion?: 4 | 5;
  /** For `mqtts://` and `wss://` only. @default the system's certificate authorities */
  readonly tls?: MqttTlsOptions;
  /** Seconds between pings, 1 to 65,535: a dead connection is noticed after 1.5 times this. @default 60 */
  readonly keepaliveS?: number;
  /** Milliseconds to wait for a connection, and for the answer to a subscription, 100 to 600,000. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** Milliseconds between two attempts to connect, 10 to 600,000; there is no last attempt. @default 1_000 */
  readonly reconnectMs?: number;
  /** Messages handled before the event loop gets a turn, 1 to 100,000. @default 128 */
  readonly yieldEvery?: number;
  /** Milliseconds between two `websocket.msg.rate` lines, 100 to 3,600,000. @default 30_000 */
  readonly rateWindowMs?: number;
  /**
   * Bytes of the largest message that is decoded, 1,024 to 1,048,576; larger ones are counted. With MQTT 5 the broker is told, and
   * sends none that are much larger. @default 1_048_576
   */
  readonly maxPayloadBytes?: number;
}

const MAX_SESSION_EXPIRY_S = 4_294_967_294;
/** The protocol's own limit for messages in flight. */
const MAX_IN_FLIGHT = 65_535;
/** Half of the message ids: what is on its way has ids, too. */
const MOST_UNACKNOWLEDGED = 32_767;
const DEFAULT_URL = 'mqtt://mq.thesports.com';
const DEFAULT_TOPICS: readonly string[] = ['thesports/football/match/v1'];

const RULES = object({
  url: (value = DEFAULT_URL, place) => parseBrokerUrl(value, place),
  topics: checked('a list of MQTT topic filters, not empty, without $share', isTopicList, DEFAULT_TOPICS),
  username: text(undefined),
  password: text(undefined),
  clientId: text(undefined, 128),
  qos: oneOf([0, 1], 0),
  acknowledge: oneOf(['after-commit', 'on-receipt'], 'after-commit'),
  session: oneOf(['clean', 'persistent'], undefined),
  sessionExpiryS: integer({ default: 3_600, min: 1, max: MAX_SESSION_EXPIRY_S, unit: 's' }),
  receiveMaximum: integer({ default: 1_000, min: 1, max: MAX_IN_FLIGHT, unit: 'messages' }),
  maxUnacknowledged: integer({ default: 12_000, min: 10, max: MOST_UNACKNOWLEDGED, unit: 'messages' }),
  protocolVersion: oneOf([4, 5], 4),
  tls: TLS_RULE,
  keepaliveS: integer({ default: 60, min: 1, max: 65_535, unit: 's' }),
  connectTimeoutMs: integer({ default: 10_000, min: 100, max: 600_000, unit: 'ms' }),
  reconnectMs: integer({ default: 1_000, min: 10, max: 600_000, unit: 'ms' }),
  yieldEvery: integer({ default: 128, min: 1, max: 100_000, unit: 'messages' }),
  rateWindowMs: integer({ default: 30_000, min: 100, max: 3_600_000, unit: 'ms' }),
  maxPayloadBytes: integer({ default: 1_048_576, min: 1_024, max: 1_048_576, unit: 'bytes' }),
});

/**
 * All set: the url without credentials, `host` with its port for logs, whether the way there is encrypted, and whether the host chose `clientId`, which then
 * goes before that of the lease. Also the injection token of the resolved options inside the module.
 */
export class ResolvedMqttIngestOptions extends optionsOf(
  'MqttIngestModule',
  derived(RULES, ({ url: address, clientId, session, ...others }, place) => {
    const username = others.username ?? address.username;
    const password = others.password ?? address.password;
    const isUserMissing = password !== undefined && username === undefined;
    if (isUserMissing) place.inside('username').refuse('a user name, because "password" is set', undefined);
    if (!address.secure) refuseCertificates(others.tls, place);
    return {
      ...others,
      url: address.url,
      host: address.host,
      secure: address.secure,
      username,
      password,
      topics: [...new Set(others.topics)] as readonly string[],
      clientId: clientId ?? `livescore${randomBytes(6).toString('hex')}`,
      clientIdGiven: clientId !== undefined,
      session: session ?? (others.qos === 1 ? 'persistent' : 'clean'),
    };
  }),
) {}

/** @throws InvalidOptionError */
export function resolveMqttIngestOptions(options?: MqttIngestOptions): ResolvedMqttIngestOptions {
  return new ResolvedMqttIngestOptions(options);
}

function isTopicList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isTopicFilter);
}
