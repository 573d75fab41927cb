import type { FieldUpdate } from '../../src/rollout/index.js';
import { FIELD_RULES, type FieldRule, PROVENANCE } from './field-rules.js';

/** A row as the driver reads it: `bigint` columns are text. */
export type LegacyRow = Readonly<Record<string, unknown>>;

const TERMINAL: ReadonlySet<unknown> = new Set([8, 9, 10, 11, 12, 13]);
const LIVE: ReadonlySet<unknown> = new Set([2, 3, 4, 5, 7]);
const NOT_STARTED = 1;
const ENDED = 8;
const STALE_STATUS_S = 300;

/**
 * Is the field written? The rules in the order in which the original asked them; `priority` is never looked at.
 * @param nowS unix seconds
 */
export function decideField(row: LegacyRow, update: FieldUpdate, nowS: number): boolean {
  const rule = FIELD_RULES.get(update.field);
  const current = row[update.field] ?? null;
  if (rule?.writeOnce && current !== null) return false;
  if (update.field === 'status_id' && leavesOrder(current, update.value)) return false;
  if (rule && !sourceMay(rule, row, update, nowS)) return false;
  const writtenAtS = provenanceOf(row, update.field).timestamp;
  // an older value is accepted as long as it differs
  if (writtenAtS !== null && update.timestamp <= writtenAtS && update.value === current) return false;
  return !(rule && !rule.nullable && update.value === null);
}

/** Statuses after which the original forced the minute away. */
export function isTerminal(status: unknown): boolean {
  return TERMINAL.has(status);
}

/** Extra time after status 8 counts as going back: the original never showed any. */
function leavesOrder(current: unknown, incoming: unknown): boolean {
  if (TERMINAL.has(current) && !TERMINAL.has(incoming)) return true;
  return LIVE.has(current) && incoming === NOT_STARTED;
}

function sourceMay(rule: FieldRule, row: LegacyRow, { field, value, source }: FieldUpdate, nowS: number): boolean {
  if (source === 'watchdog' && rule.watchdogMayForce) return true;
  if (source === rule.preferred) return true;
  const written = provenanceOf(row, field);
  const isStale = written.timestamp !== null && nowS - written.timestamp > STALE_STATUS_S;
  if (field === 'status_id' && value === ENDED && isStale) return true;
  const hasValue = (row[field] ?? null) !== null;
  if (hasValue && written.source === rule.preferred) return false;
  const ofFallback = written.source === rule.fallback;
  if (!hasValue || ofFallback) return source === rule.fallback;
  return true;
}

/** A column without provenance was written by nobody, which is also the name of a missing fallback. */
function provenanceOf(row: LegacyRow, field: string): { source: unknown; timestamp: number | null } {
  const prefix = PROVENANCE.get(field);
  if (!prefix) return { source: null, timestamp: null };
  const timestamp = row[`${prefix}_timestamp`] ?? null;
  return { source: row[`${prefix}_source`] ?? null, timestamp: timestamp === null ? null : Number(timestamp) };
}
