import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';

/** Called once per submitted update, when its fate is final: for `applied`, after the commit. */
export type Settled = (update: MatchUpdate, outcome: Outcome) => void;

/**
 * Where decoded updates go. Port between every source (MQTT, REST, operator) and the writer.
 */
export abstract class UpdateSink {
  /**
   * Takes all updates of one message, in order. Judges them at once and starts the write; never throws, never waits.
   * Updates of one match keep their order across calls; different matches do not wait for each other.
   */
  abstract submit(updates: readonly MatchUpdate[], settled?: Settled): void;
}
