import { SeededRandom } from '../../../test/support/seeded-random.js';
import type { Fault, Lag, Outage } from './faults/fault.js';
import type { History } from './histories/history.js';
import { type Delivery, EPOCH_MS, type Moment, virtualMs } from './moment.js';
import { publish } from './publish.js';
import { Telling } from './telling.js';

/** Matches begin within that time of each other, s. */
const SPREAD_S = 40 * 60;
/** After everything was said the provider may still be asked, at growing intervals. */
const AFTERMATH_MS = 25 * 60_000;
const USUAL_CACHE_MS = 30_000;

export interface Cell {
  readonly history: History;
  readonly fault: Fault;
}

/** One match of a cell, drawn from its seed: the truth over time, and what is heard of it. */
export interface TruthMatch {
  readonly id: string;
  readonly cell: Cell;
  readonly seed: number;
  readonly moments: readonly Moment[];
  /** in order of arrival */
  readonly deliveries: readonly Delivery[];
  readonly lag: Lag;
  /** virtual ms */
  readonly snapshotsMs: readonly number[];
  /** when the row is compared with the truth, virtual ms */
  readonly horizonMs: number;
}

/** @param outages of the connection that the match shares */
export function drawMatch(id: string, cell: Cell, seed: number, outages: readonly Outage[]): TruthMatch {
  const chance = new SeededRandom(seed);
  const telling = new Telling(chance, EPOCH_MS / 1000 + 600 + chance.below(SPREAD_S));
  telling.wait(300);
  cell.history.tell(telling);
  const { moments } = telling;
  const endMs = virtualMs(moments.at(-1)?.atS ?? 0);
  const facts = { moments, chance, startMs: virtualMs(moments[0]?.atS ?? 0), endMs, outages };
  const published = publish(moments, chance);
  const deliveries = [...(cell.fault.bend?.(published, facts) ?? published)].sort((a, b) => a.atMs - b.atMs);
  const lag: Lag = { cacheMs: USUAL_CACHE_MS, stuck: null, ...cell.fault.lag?.(facts) };
  const lastMs = Math.max(endMs, lag.stuck?.toMs ?? 0, deliveries.at(-1)?.atMs ?? 0);
  const snapshotsMs = cell.fault.snapshots?.(facts) ?? [];
  return { id, cell, seed, moments, deliveries, lag, snapshotsMs, horizonMs: lastMs + AFTERMATH_MS };
}
