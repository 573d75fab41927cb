import type { IClientOptions } from 'mqtt';
import type { ResolvedMqttIngestOptions } from '../../mqtt-ingest.options.js';

const MQTT_5 = 5;
/** The longest topic, and properties that a broker or publisher may add. */
const BESIDE_PAYLOAD_BYTES = 131_072;

export function clientOptions(options: ResolvedMqttIngestOptions, clientId: string): IClientOptions {
  const { ca, cert, key, rejectUnauthorized } = options.tls;
  const persistent = options.session === 'persistent';
  return {
    clientId,
    protocolVersion: options.protocolVersion,
    clean: !persistent,
    ...(options.protocolVersion === MQTT_5 && {
      properties: {
        receiveMaximum: options.receiveMaximum,
        maximumPacketSize: options.maxPayloadBytes + BESIDE_PAYLOAD_BYTES,
        ...(persistent && { sessionExpiryInterval: options.sessionExpiryS }),
      },
    }),
    keepalive: options.keepaliveS,
    connectTimeout: options.connectTimeoutMs,
    // We connect again ourselves, because it takes more than a timer: the lease has to be ours.
    reconnectPeriod: 0,
    // The subscription is made, and its answer checked, by ourselves on every connect.
    resubscribe: false,
    ...(options.username !== undefined && { username: options.username }),
    ...(options.password !== undefined && { password: options.password }),
    ...(ca !== undefined && { ca: Array.isArray(ca) ? ca.map(String) : ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    rejectUnauthorized: rejectUnauthorized ?? true,
    // its lines for developers, a dozen for each message: with DEBUG set mqtt.js writes them by itself
    ...(process.env.DEBUG === undefined && { log: () => undefined }),
  };
}
