/** What the example's modules need to know, after the environment and the embedded services are settled. */
export interface HostSettings {
  readonly databaseUrl: string;
  readonly mqttUrl: string;
  readonly mqttUsername: string | undefined;
  readonly mqttPassword: string | undefined;
  readonly mqttTopic: string;
  /** null: cache in memory */
  readonly redisUrl: string | null;
}
