import type { FeedItem } from './row.js';

/** Sends a frame only when the displayed score changed, so that all subjects broadcast the same facts. */
export class ScreenScores {
  private readonly shown = new Map<string, string>();

  frameOf({ id, score }: FeedItem): object | null {
    const [, statusId, [homeScore], [awayScore]] = score;
    const key = `${homeScore}-${awayScore}`;
    if (this.shown.get(id) === key) return null;
    this.shown.set(id, key);
    return { type: 'SCORE_CHANGE', matchId: id, homeScore, awayScore, statusId, timestamp: Date.now() };
  }
}
