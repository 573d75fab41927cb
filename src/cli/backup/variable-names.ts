/** Variables that hosts of this package read, or that say how they were started. */
const OURS = /^(LIVESCORE_|MQTT_|REDIS_|THESPORTS_|PG|DB_|NODE_)|^(DATABASE_URL|PORT|TZ)$/;

/** Names of variables that matter to a host; values are never kept. */
export function variableNames(env: object): readonly string[] {
  return Object.keys(env)
    .filter((name) => OURS.test(name))
    .sort();
}
