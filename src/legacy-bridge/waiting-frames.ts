import type { FeedFrame } from '../contracts/feed-frame.js';
import { WaitingFrame } from './waiting-frame.js';

/**
 * The frames that wait for the host's handler, oldest first. A match that comes to the legacy path brings frames along
 * that are older than some that wait for other matches: what it sent goes in its own order, so that a frame may wait in
 * two parts, the second one behind what is older of that match.
 */
export class WaitingFrames implements Iterable<WaitingFrame> {
  private readonly parts = new Set<WaitingFrame>();
  /** the part that waits last */
  private readonly ofFrame = new Map<FeedFrame, WaitingFrame>();
  private readonly ofMatch = new Map<string, WaitingFrame>();
  private added = 0;

  get size(): number {
    return this.parts.size;
  }

  /** how many wait no more */
  get gone(): number {
    return this.added - this.parts.size;
  }

  has(frame: FeedFrame): boolean {
    return this.ofFrame.has(frame);
  }

  [Symbol.iterator](): Iterator<WaitingFrame> {
    return this.parts.values();
  }

  /** What the frame says of the match waits behind everything older of that match. */
  leftToLegacy(frame: FeedFrame, matchId: string): void {
    const last = this.ofMatch.get(matchId);
    const waiting = this.of(frame);
    const part = last && last.number > waiting.number ? this.begin(frame) : waiting;
    part.leftToLegacy(matchId);
    this.ofMatch.set(matchId, part);
  }

  /** The part of the frame that waits last, a new one where none does. */
  of(frame: FeedFrame): WaitingFrame {
    return this.ofFrame.get(frame) ?? this.begin(frame);
  }

  take(part: WaitingFrame): void {
    this.parts.delete(part);
    if (this.ofFrame.get(part.frame) === part) this.ofFrame.delete(part.frame);
    for (const matchId of part.matchIds) if (this.ofMatch.get(matchId) === part) this.ofMatch.delete(matchId);
  }

  private begin(frame: FeedFrame): WaitingFrame {
    const part = new WaitingFrame(frame, this.added++);
    this.parts.add(part);
    this.ofFrame.set(frame, part);
    return part;
  }
}
