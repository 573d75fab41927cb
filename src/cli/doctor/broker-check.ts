import { randomBytes } from 'node:crypto';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { within } from '../../kernel/deadline.js';
import { fieldsOf } from '../../kernel/fields.js';
import { REAL_TIME } from '../../kernel/scheduler.js';
import { isAddress, shownAddress } from '../../kernel/service-address.js';
import { tlsFailureBehind } from '../../kernel/tls-failure.js';
import { endClient } from '../../mqtt-ingest/adapters/mqtt/end-client.js';
import { sqlState } from '../../postgres/sql-state.js';
import type { Environment } from '../command.js';
import { type Check, type Finding, fault, type Looked, SkippedCheck, warning } from './finding.js';

const DEFAULT_TOPIC = 'thesports/football/match/v1';
const TIMEOUT_MS = 5_000;
const REFUSED = 128;

/** CONNACK: bad user name or password, not authorized; the same in MQTT 5. */
const NOT_LET_IN = new Set([4, 5, 134, 135]);

/** Connects under a client id of its own for a moment, and subscribes as the host would. No session is left behind. */
export function brokerCheck(env: Environment): Check {
  return { name: 'broker', look: () => lookAtBroker(env) };
}

async function lookAtBroker(env: Environment): Promise<Looked> {
  const { MQTT_URL: url } = env;
  if (!url) {
    const todo = 'set it to look at the broker; the host gets mqttIngest.url, and mqtt://mq.thesports.com without one';
    return { findings: [warning('LIVESCORE_NO_MQTT_URL', 'MQTT_URL is not set here', todo)], seen: '' };
  }
  if (!isAddress('MQTT broker', url)) throw new SkippedCheck('MQTT_URL cannot be read');
  const at = shownAddress('MQTT broker', url);
  const client = connect(addressOf(url), optionsOf(url, env));
  try {
    await connected(client);
    const granted = await grantedQos(client, topicOf(env), askedQos(env));
    const findings = [...plainFindings(url, env), ...grantFindings(granted, env)];
    return { findings, seen: `${at} grants QoS ${granted} for ${topicOf(env)}` };
  } catch (error) {
    return { findings: [...plainFindings(url, env), notUsable(at, error)], seen: '' };
  } finally {
    await endClient(client, {}, REAL_TIME);
  }
}

function addressOf(text: string): string {
  return Object.assign(new URL(text), { username: '', password: '' }).href;
}

function optionsOf(text: string, { MQTT_USERNAME, MQTT_PASSWORD }: Environment): IClientOptions {
  const { username, password } = new URL(text);
  const user = MQTT_USERNAME || decodeURIComponent(username);
  const secret = MQTT_PASSWORD || decodeURIComponent(password);
  return {
    clientId: `livescoredoctor${randomBytes(4).toString('hex')}`,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: TIMEOUT_MS,
    ...(user && { username: user }),
    ...(secret && { password: secret }),
  };
}

function connected(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve());
    client.on('error', reject);
    client.once('close', () => reject(new ConnectionClosed()));
  });
}

/** The broker closed the connection before it answered. */
class ConnectionClosed extends Error {}

/** Nobody answered in time. */
class NoAnswer extends Error {}

async function grantedQos(client: MqttClient, topic: string, qos: 0 | 1): Promise<number> {
  const granted = new Promise<number>((resolve, reject) => {
    client.once('close', () => reject(new ConnectionClosed()));
    client.subscribe(topic, { qos }, (error, _grants, packet) => {
      const [code] = packet?.granted ?? [];
      if (code !== undefined) resolve(Number(code));
      else reject(error ?? new NoAnswer());
    });
  });
  const code = await within(granted, TIMEOUT_MS, REAL_TIME);
  if (code === null) throw new NoAnswer();
  return code;
}

function grantFindings(granted: number, env: Environment): readonly Finding[] {
  const [topic, asked] = [topicOf(env), askedQos(env)];
  if (granted >= REFUSED) {
    const todo = 'have the topic allowed for this user at the broker, or correct MQTT_TOPIC';
    return [fault('LIVESCORE_TOPIC_REFUSED', `the broker refuses the topic ${topic}`, todo)];
  }
  if (granted >= asked) return [];
  const todo =
    'what is published while the connection is down is lost then: raise the limit at the broker, or count on recovery';
  return [warning('LIVESCORE_QOS_LESS', `the broker grants QoS ${granted} for ${topic}, asked was ${asked}`, todo)];
}

function plainFindings(url: string, { MQTT_PASSWORD }: Environment): readonly Finding[] {
  const { protocol, password } = new URL(url);
  if (protocol === 'mqtts:' || protocol === 'wss:' || !(MQTT_PASSWORD || password)) return [];
  return [
    warning(
      'LIVESCORE_BROKER_PLAIN',
      'the password goes to the broker unencrypted',
      'use mqtts:// or wss:// where the broker has it',
    ),
  ];
}

/** A code, never the words of the other side. */
function notUsable(at: string, error: unknown): Finding {
  const { code } = fieldsOf(error);
  if (typeof code === 'number' && NOT_LET_IN.has(code)) {
    return fault(
      'LIVESCORE_BROKER_REFUSES',
      `${at} refuses user and password (${code})`,
      'correct MQTT_USERNAME and MQTT_PASSWORD',
    );
  }
  const tls = tlsFailureBehind(error);
  if (tls) return fault('LIVESCORE_BROKER_TLS', `TLS to ${at} fails: ${tls.code}`, tls.todo);
  if (typeof code === 'number')
    return fault('LIVESCORE_BROKER_REFUSES', `${at} refuses the connection (${code})`, 'see the log of the broker');
  const why =
    sqlState(error) ?? (error instanceof ConnectionClosed ? 'the connection was closed' : 'no answer within 5 s');
  return fault(
    'LIVESCORE_BROKER_UNREACHABLE',
    `${at} cannot be reached: ${why}`,
    'start it, open the way to it, or correct MQTT_URL',
  );
}

function topicOf({ MQTT_TOPIC }: Environment): string {
  return MQTT_TOPIC?.trim() || DEFAULT_TOPIC;
}

function askedQos({ MQTT_QOS }: Environment): 0 | 1 {
  return MQTT_QOS?.trim() === '1' ? 1 : 0;
}
