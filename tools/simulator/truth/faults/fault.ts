import type { SeededRandom } from '../../../../test/support/seeded-random.js';
import type { Delivery, Moment } from '../moment.js';

/** A time without connection, virtual ms. */
export interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a fault may look at. */
export interface Facts {
  readonly moments: readonly Moment[];
  readonly chance: SeededRandom;
  /** of the first and the last moment, virtual ms */
  readonly startMs: number;
  readonly endMs: number;
  /** of the connection that the match shares with others */
  readonly outages: readonly Outage[];
}

/** The connection that a feed comes along: matches of one line share one. */
export type Line = 'qos0' | 'qos1' | 'resumed' | 'resumed in parts';

/** How the provider's answers lag behind the truth. */
export interface Lag {
  /** an answer is up to that old, ms */
  readonly cacheMs: number;
  /** it says meanwhile what it said at the beginning of this */
  readonly stuck: Outage | null;
}

/** One way in which feed or provider may misbehave. */
export interface Fault {
  readonly name: string;
  readonly line: Line;
  /** what arrives instead, in any order; default: as published */
  readonly bend?: (deliveries: readonly Delivery[], facts: Facts) => readonly Delivery[];
  readonly lag?: (facts: Facts) => Partial<Lag>;
  /** when the match's answer is taken into the writer unasked, virtual ms */
  readonly snapshots?: (facts: Facts) => readonly number[];
}
