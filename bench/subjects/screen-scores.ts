import { type FeedItem, minuteOf } from './row.js';

/** The frame that existing clients read, only when the displayed score changed: all subjects broadcast the same facts. */
export class ScreenScores {
  private readonly shown = new Map<string, string>();

  frameOf({ id, score }: FeedItem): object | null {
    const [, statusId, [homeScore], [awayScore]] = score;
    const key = `${homeScore}-${awayScore}`;
    if (this.shown.get(id) === key) return null;
    this.shown.set(id, key);
    const minute = minuteOf(score);
    const optimistic = { homeScore, awayScore, minute, minuteText: `${minute}'`, statusId };
    return {
      type: 'SCORE_CHANGE',
      matchId: id,
      homeScore,
      awayScore,
      minute,
      statusId,
      optimistic,
      timestamp: Date.now(),
    };
  }
}
