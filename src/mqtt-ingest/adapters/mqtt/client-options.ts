import type { IClientOptions } from 'mqtt';
import type { ResolvedMqttIngestOptions } from '../../mqtt-ingest.options.js';

export function clientOptions(options: ResolvedMqttIngestOptions): IClientOptions {
  const { ca, cert, key, rejectUnauthorized } = options.tls;
  return {
    clientId: options.clientId,
    protocolVersion: options.protocolVersion,
    clean: true,
    keepalive: options.keepaliveS,
    connectTimeout: options.connectTimeoutMs,
    reconnectPeriod: options.reconnectMs,
    // Refused credentials may be accepted a minute later: the provider's address list changes at run time.
    reconnectOnConnackError: true,
    // The subscription is made, and its answer checked, by ourselves on every connect.
    resubscribe: false,
    ...(options.username !== undefined && { username: options.username }),
    ...(options.password !== undefined && { password: options.password }),
    ...(ca !== undefined && { ca: Array.isArray(ca) ? ca.map(String) : ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    rejectUnauthorized: rejectUnauthorized ?? true,
  };
}
