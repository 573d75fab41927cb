import { randomBytes } from 'node:crypto';
import { InvalidOptionError } from '../kernel/livescore.errors.js';
import { parseBrokerUrl } from './broker-url.js';
import { type MqttTlsOptions, resolveTls } from './mqtt-tls.options.js';
import { isTopicFilter } from './topic-filter.js';

/** Options of {@link MqttIngestModule}. Every one has a default that fits the provider's production feed. */
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
  /** Bytes of the largest message that is decoded, 1,024 to 1,048,576; larger ones are counted. @default 1_048_576 */
  readonly maxPayloadBytes?: number;
}

export interface ResolvedMqttIngestOptions
  extends Required<Omit<MqttIngestOptions, 'username' | 'password' | 'tls'>>,
    Pick<MqttIngestOptions, 'username' | 'password'> {
  /** without credentials */
  readonly url: string;
  /** host and port for logs */
  readonly host: string;
  /** the host chose `clientId`: it goes before that of the lease */
  readonly clientIdGiven: boolean;
  readonly tls: MqttTlsOptions;
}

const MODULE = 'MqttIngestModule';
const MAX_SESSION_EXPIRY_S = 4_294_967_294;
/** The protocol's own limit for messages in flight. */
export const MAX_IN_FLIGHT = 65_535;
const DEFAULT_URL = 'mqtt://mq.thesports.com';
const DEFAULT_TOPICS = ['thesports/football/match/v1'];

/** @throws {@link InvalidOptionError} */
export function resolveMqttIngestOptions(options: MqttIngestOptions = {}): ResolvedMqttIngestOptions {
  const address = parseBrokerUrl(MODULE, options.url ?? DEFAULT_URL);
  const username = text('username', options.username) ?? address.username;
  // What is wrong with a password is told without the password.
  const password = text('password', options.password, typeof options.password) ?? address.password;
  if (password !== undefined && username === undefined) {
    throw new InvalidOptionError(MODULE, 'username', 'a user name, because "password" is set', undefined);
  }
  const qos = oneOf('qos', options.qos, [0, 1] as const, 0);
  return {
    url: address.url,
    host: address.host,
    username,
    password,
    topics: topics(options.topics),
    clientId: clientId(options.clientId),
    clientIdGiven: options.clientId !== undefined,
    qos,
    acknowledge: oneOf('acknowledge', options.acknowledge, ['after-commit', 'on-receipt'], 'after-commit'),
    session: oneOf('session', options.session, ['clean', 'persistent'], qos === 1 ? 'persistent' : 'clean'),
    sessionExpiryS: whole('sessionExpiryS', options.sessionExpiryS, 3_600, 1, MAX_SESSION_EXPIRY_S),
    receiveMaximum: whole('receiveMaximum', options.receiveMaximum, 1_000, 1, MAX_IN_FLIGHT),
    protocolVersion: oneOf('protocolVersion', options.protocolVersion, [4, 5], 4),
    tls: resolveTls(MODULE, options.tls, address.secure),
    keepaliveS: whole('keepaliveS', options.keepaliveS, 60, 1, 65_535),
    connectTimeoutMs: whole('connectTimeoutMs', options.connectTimeoutMs, 10_000, 100, 600_000),
    reconnectMs: whole('reconnectMs', options.reconnectMs, 1_000, 10, 600_000),
    yieldEvery: whole('yieldEvery', options.yieldEvery, 128, 1, 100_000),
    rateWindowMs: whole('rateWindowMs', options.rateWindowMs, 30_000, 100, 3_600_000),
    maxPayloadBytes: whole('maxPayloadBytes', options.maxPayloadBytes, 1_048_576, 1_024, 1_048_576),
  };
}

function topics(value: unknown): readonly string[] {
  if (value === undefined) return DEFAULT_TOPICS;
  if (!Array.isArray(value) || value.length === 0 || !value.every(isTopicFilter)) {
    throw new InvalidOptionError(MODULE, 'topics', 'a list of MQTT topic filters, not empty, without $share', value);
  }
  return [...new Set(value)];
}

function clientId(value: unknown): string {
  if (value === undefined) return `livescore${randomBytes(6).toString('hex')}`;
  if (typeof value !== 'string' || value.trim() === '' || value.length > 128) {
    throw new InvalidOptionError(MODULE, 'clientId', 'a text of 1 to 128 characters', value);
  }
  return value;
}

function text(option: string, value: unknown, received: unknown = value): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.trim() === '') {
    throw new InvalidOptionError(MODULE, option, 'a text that is not blank', received);
  }
  return value;
}

function oneOf<T extends number | string>(option: string, value: T | undefined, allowed: readonly T[], fallback: T): T {
  if (value === undefined) return fallback;
  if (!allowed.includes(value)) throw new InvalidOptionError(MODULE, option, allowed.join(' or '), value);
  return value;
}

function whole(option: string, value: number | undefined, fallback: number, min: number, max: number): number {
  if (value === undefined) return fallback;
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InvalidOptionError(MODULE, option, `a whole number from ${min} to ${max}`, value);
  }
  return value;
}
