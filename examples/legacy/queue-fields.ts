import type { FieldUpdate, LegacyQueueItem } from '../../src/rollout/index.js';

/** What is queued of one match: the last value of each type, the highest of both times. */
export interface QueuedMatch {
  readonly items: Map<LegacyQueueItem['type'], unknown>;
  providerUpdateTime: number | null;
  ingestionTs: number;
}

/** What the queue reads of the parsed score object. */
interface ParsedScore {
  readonly minute?: unknown;
  readonly home?: { readonly score?: unknown; readonly regularScore?: unknown };
  readonly away?: { readonly score?: unknown; readonly regularScore?: unknown };
}

const MQTT_PRIORITY = 3;

/**
 * The columns the original made of it. The status of a score item is not among them, nor are the score arrays.
 * @param nowS unix seconds: the time of the fields where the provider gave none
 */
export function fieldsOf({ items, providerUpdateTime, ingestionTs }: QueuedMatch, nowS: number): FieldUpdate[] {
  const { minute, home, away } = (items.get('score') ?? {}) as ParsedScore;
  const values: readonly (readonly [field: string, value: unknown])[] = [
    ['status_id', items.get('status')],
    ['home_score_display', home?.score],
    ['away_score_display', away?.score],
    ['home_score_regular', home?.regularScore],
    ['away_score_regular', away?.regularScore],
    ['minute', minute],
    ['incidents', items.get('incidents')],
    ['statistics', items.get('statistics')],
    ['provider_update_time', providerUpdateTime],
    ['last_event_ts', ingestionTs],
  ];
  const timestamp = providerUpdateTime ?? nowS;
  return values
    .filter(([, value]) => value !== null && value !== undefined && !Number.isNaN(value))
    .map(([field, value]) => ({ field, value, source: 'mqtt', priority: MQTT_PRIORITY, timestamp }));
}
