/** The options after defaults and checks. */
export const RESOLVED_MQTT_INGEST_OPTIONS = Symbol.for('@goalgpt/livescore/mqtt-ingest/resolved-options');
