import type { SeededRandom } from '../../test/support/seeded-random.js';
import type { World } from './world.js';

/** What a phase may do while changes go on. */
export interface Strike {
  readonly world: World;
  readonly random: SeededRandom;
  /** a run with few changes: outages are short */
  readonly isShort: boolean;
  /** Time passes, in the middle of a fault. */
  pass(ms: number): Promise<void>;
  /** Resolves when so many more versions are committed, or nothing is committed for a while. */
  committed(more: number): Promise<void>;
  /**
   * Measures how long it takes until the clients have what is committed at this moment; never is a finding.
   * @param on hosts whose clients are meant, by default all
   */
  current(what: string, on?: readonly string[]): Promise<void>;
  /** A promise of the host that has no number of its own. */
  broken(text: string): void;
}

export interface Phase {
  readonly name: string;
  /** in words, for the report */
  readonly about: string;
  /** is it part of a short run? */
  readonly isShort: boolean;
  readonly needsRedis?: true;
  strike(strike: Strike): Promise<void>;
}
