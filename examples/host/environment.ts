/** Settings of the example host. What is null falls back to an embedded service. */
export interface HostEnvironment {
  readonly databaseUrl: string | null;
  readonly mqttUrl: string | null;
  readonly mqttUsername: string | undefined;
  readonly mqttPassword: string | undefined;
  readonly mqttTopic: string;
  readonly redisUrl: string | null;
  /** null: 3000, or any free port when that is taken */
  readonly port: number | null;
}

/** The provider's topic: one topic carries every match. */
export const PROVIDER_TOPIC = 'thesports/football/match/v1';

/** Reads DATABASE_URL, MQTT_URL, MQTT_USERNAME, MQTT_PASSWORD, MQTT_TOPIC, REDIS_URL and PORT; blank counts as unset. */
export function readEnvironment(env: NodeJS.ProcessEnv): HostEnvironment {
  const value = (name: string) => env[name]?.trim() || undefined;
  return {
    databaseUrl: readDatabaseUrl(value('DATABASE_URL')),
    mqttUrl: value('MQTT_URL') ?? null,
    mqttUsername: value('MQTT_USERNAME'),
    mqttPassword: value('MQTT_PASSWORD'),
    mqttTopic: value('MQTT_TOPIC') ?? PROVIDER_TOPIC,
    redisUrl: value('REDIS_URL') ?? null,
    port: readPort(value('PORT')),
  };
}

/** The value may carry a password: it is not repeated in the error. */
function readDatabaseUrl(text: string | undefined): string | null {
  if (text === undefined || /^postgres(ql)?:\/\//.test(text)) return text ?? null;
  throw new Error('DATABASE_URL must be an address that begins with postgres:// or postgresql://');
}

function readPort(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`PORT must be a number from 0 to 65535, received "${text}"`);
}
