import type { FeedFrame, ReadFrame } from '../../contracts/feed-frame.js';
import type { LegacyBinding } from '../../contracts/legacy-binding.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import type { LegacyQueueItem } from './legacy-score-path.js';

export type LegacyItemKind = LegacyQueueItem['type'];

/** A queue that is bound alone gets everything that the feed says. */
export const ALL_LEGACY_ITEMS: readonly LegacyItemKind[] = ['score', 'status', 'incidents', 'statistics'];

/** How the legacy path is spoken to. The rollout provides it; port and injection token in one. */
export abstract class LegacyPathSettings {
  /** `none`: the host has no legacy path, on purpose */
  abstract readonly legacy: 'bound' | 'none';
  /** which items the legacy queue gets of an update */
  abstract readonly legacyItems: readonly LegacyItemKind[];
  /** longest wait for the legacy path to write what it has, ms */
  abstract readonly moveTimeoutMs: number;
}

/** Which part of a frame is the legacy path's, beside the updates that were left to it. */
export interface LegacyShare {
  /** Every match is on the legacy path and stays: frames go whole, read or not. */
  readonly isEverything: boolean;
  /** Does a part that names no match belong to the legacy path? */
  readonly hasUnnamed: boolean;
  /** Is the match on the legacy path, and not leaving it? */
  has(matchId: string): boolean;
}

/** The way from the rollout to the path that the package replaces. Port and injection token in one. */
export abstract class LegacyPath {
  abstract readonly binding: LegacyBinding;
  /** @param frame the message that carried the update, where it came from the feed */
  abstract add(update: MatchUpdate, frame: FeedFrame | undefined): void;
  /** A frame, after those of its updates that go the legacy way were added. */
  abstract arrived(frame: FeedFrame, read: ReadFrame, share: LegacyShare): void;
  /**
   * Waits until the legacy path has written what was added of the match before, as far as it tells, for `moveTimeoutMs`
   * at most. Never rejects.
   * @returns whether it has
   */
  abstract written(matchId: string): Promise<boolean>;
  /** Hands over what waits; writing it is up to the host's own shutdown. */
  abstract tellAll(): void;
}
