const YEAR_2000_S = 946_684_800;
const YEAR_2100_S = 4_102_444_800;

const FIELDS = ['update_time', 'updateTime', 'ut', 'ts', 'timestamp'] as const;

/**
 * A provider timestamp as whole unix seconds. Milliseconds are converted. Null when it is not an integer number or
 * lies outside the years 2000–2099.
 */
export function unixSeconds(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isInteger(value)) return null;
  const seconds = value >= YEAR_2100_S ? Math.floor(value / 1000) : value;
  return seconds >= YEAR_2000_S && seconds < YEAR_2100_S ? seconds : null;
}

/**
 * The provider's update time of an envelope or an item, from its own fields or those of its `meta`; null on nearly
 * every MQTT message. Never `score[4]`, which is the kick-off of the period.
 */
export function updateTimeS(envelope: Readonly<Record<string, unknown>>): number | null {
  const own = firstTimeS(envelope);
  if (own !== null) return own;
  const meta = envelope.meta;
  return typeof meta === 'object' && meta !== null ? firstTimeS(meta as Record<string, unknown>) : null;
}

function firstTimeS(fields: Readonly<Record<string, unknown>>): number | null {
  for (const name of FIELDS) {
    const value = fields[name];
    if (value === undefined) continue;
    const seconds = unixSeconds(value);
    if (seconds !== null) return seconds;
  }
  return null;
}
