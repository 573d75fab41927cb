import type { MatchUpdate } from '../../domain/match-update.js';
import type { LegacyQueueItem } from './legacy-score-path.js';

export type LegacyItemKind = LegacyQueueItem['type'];

/** The platform's feed handler, in its last form, enqueued nothing else. */
export const DEFAULT_LEGACY_ITEMS: readonly LegacyItemKind[] = ['score'];

/** How the legacy path is spoken to. The rollout provides it; port and injection token in one. */
export abstract class LegacyPathSettings {
  /** which items the legacy queue gets of an update */
  abstract readonly legacyItems: readonly LegacyItemKind[];
  /** longest wait for the legacy path to write what it has, ms */
  abstract readonly moveTimeoutMs: number;
}

/** The way from the rollout to the path that the package replaces. Port and injection token in one. */
export abstract class LegacyPath {
  /** Has the host bound a `LegacyScorePath`? */
  abstract readonly bound: boolean;
  abstract add(update: MatchUpdate): void;
  /**
   * Waits until the legacy path has written what was added before, as far as it tells, for `moveTimeoutMs` at most. Never
   * rejects.
   * @returns whether it has
   */
  abstract written(): Promise<boolean>;
  /** Hands over what waits; writing it is up to the host's own shutdown. */
  abstract tellAll(): void;
}
