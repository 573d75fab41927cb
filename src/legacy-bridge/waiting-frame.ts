import type { FeedFrame, ReadFrame } from '../contracts/feed-frame.js';
import type { LegacyShare } from './ports/legacy-path.js';

/** A frame, or a part of it, that waits for the host's handler, and what of it is to go there. */
export class WaitingFrame {
  /** Lets the broker forget the frame. */
  readonly release: () => void;
  /** the matches whose updates were left to the legacy path */
  readonly matchIds = new Set<string>();
  /** null: this is a part that comes after the rest, which was decided when the frame arrived */
  private share: LegacyShare | null = null;
  private whole = false;
  /** matches of which the frame carries an update: the rollout decides about them, and nobody else */
  private decided: ReadonlySet<string> = new Set();

  /** @param number counts up in the order in which they are told of */
  constructor(
    readonly frame: FeedFrame,
    readonly number: number,
  ) {
    this.release = frame.keep();
  }

  /** The whole frame goes, as it came. */
  get isWhole(): boolean {
    return this.whole;
  }

  leftToLegacy(matchId: string): void {
    this.matchIds.add(matchId);
  }

  arrived({ updates }: ReadFrame, share: LegacyShare): void {
    this.share = share;
    this.whole = share.isEverything;
    this.decided = new Set(updates.map(({ matchId }) => matchId));
  }

  /** Does the part that can be read under these ids go? One that another path may have read does not. */
  keeps(names: readonly string[]): boolean {
    const { share, matchIds, decided } = this;
    if (names.length === 0) return share?.hasUnnamed ?? false;
    return names.every((id) => matchIds.has(id) || (!decided.has(id) && (share?.has(id) ?? false)));
  }
}
