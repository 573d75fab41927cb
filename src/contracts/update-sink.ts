import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import type { FeedFrame } from './feed-frame.js';

/** A receipt stands for whoever submitted updates, and is told what became of them. */
export interface Receipt {
  /**
   * The sender keeps its copy until it is told (QoS 1): an update whose effect is contained in a change that is not
   * written yet, because it was superseded by it or is its duplicate, is concluded after that commit, not before.
   */
  readonly awaitsCommit: boolean;
  /** The updates were kept for a while (a letter sent again): what was heard of the match since then wins. */
  readonly waited?: boolean;
  /** The message of the feed that carried the updates. */
  readonly frame?: FeedFrame;
  /**
   * Once per submitted update, when its fate is final: for `applied`, after the commit. Must not throw.
   * `parked` is final for the sender who keeps a durable copy; what follows is told to `replayed`.
   */
  concluded(update: MatchUpdate, outcome: Outcome): void;
  /** The row of a parked update appeared, and the update was judged (and committed, if applied). */
  replayed?(update: MatchUpdate, outcome: Outcome): void;
}

/** The sink takes decoded updates. Port between every source (MQTT, REST, dead letters, operator) and the writer. */
export abstract class UpdateSink {
  /**
   * Takes all updates of one message, in order. Judges them at once and starts the write; never throws, never waits.
   * Updates of one match keep their order across calls; different matches do not wait for each other.
   */
  abstract submit(updates: readonly MatchUpdate[], receipt?: Receipt): void;
}
