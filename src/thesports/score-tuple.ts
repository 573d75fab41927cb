import { isMatchStatus } from '../domain/match-status.js';
import type { ScoreReport } from '../domain/match-update.js';
import { NO_CORNER_DATA, type Slots } from '../domain/score.js';
import type { RejectionReason } from './decoded-message.js';
import { unixSeconds } from './provider-time.js';

const SLOTS = 7;
const CORNERS = 4;
/** Slot by slot the most that a match can show: goals, goals, red cards, yellow cards, corners, goals, goals. */
const MOST: Slots = [99, 99, 15, 30, 60, 99, 99];

/** It is no literal: see "What is taken for old" in docs/performance.md. */
class DecodedReport implements ScoreReport {
  constructor(
    readonly status: ScoreReport['status'],
    readonly home: Slots,
    readonly away: Slots,
    readonly periodKickoffS: number | null,
  ) {}
}

/**
 * `[match_id, status, home[7], away[7], ts, …]` without looking at the id: a report, or why it cannot be one.
 * Nothing is coerced or defaulted; a count that no match can show is damage on the way, and a row must not learn it. A bad `ts` costs only the kick-off time. More elements or slots than needed are
 * ignored. The report may share its slots with the tuple.
 */
export function decodeScoreTuple(tuple: readonly unknown[]): ScoreReport | RejectionReason {
  if (tuple.length < 5) return 'short-tuple';
  const status = tuple[1];
  if (!isMatchStatus(status)) return 'bad-status';
  const home = decodeSlots(tuple[2]);
  if (typeof home === 'string') return home;
  const away = decodeSlots(tuple[3]);
  if (typeof away === 'string') return away;
  return new DecodedReport(status, home, away, unixSeconds(tuple[4]));
}

function decodeSlots(value: unknown): Slots | RejectionReason {
  if (!Array.isArray(value) || value.length < SLOTS) return 'bad-slots';
  for (let i = 0; i < SLOTS; i++) {
    const count: unknown = value[i];
    if (typeof count !== 'number' || !Number.isInteger(count)) return 'bad-slots';
    if (count < 0 && i !== CORNERS) return 'negative-goals';
    if (count > (MOST[i] ?? 0)) return 'absurd-count';
  }
  if (value.length === SLOTS && value[CORNERS] >= NO_CORNER_DATA) return value as unknown as Slots;
  const slots: number[] = value.slice(0, SLOTS);
  slots[CORNERS] = Math.max(value[CORNERS], NO_CORNER_DATA);
  return slots as unknown as Slots;
}
