import { displayScore } from '../../domain/score.js';
import type { MatchFrame } from './match-frame.js';

/** When each state of a match, and each display score, was first published, unix ms. */
export class PublishTimes {
  private readonly first = new Map<string, number>();

  note({ matchId, score }: MatchFrame, atMs: number): void {
    if (!score) return;
    const { status, home, away } = score;
    for (const key of [
      stateKey(matchId, status, home, away),
      scoreKey(matchId, displayScore(home), displayScore(away)),
    ])
      if (!this.first.has(key)) this.first.set(key, atMs);
  }

  ofState(matchId: string, status: number, home: readonly number[], away: readonly number[]): number | undefined {
    return this.first.get(stateKey(matchId, status, home, away));
  }

  /** by display score */
  ofScore(matchId: string, home: number, away: number): number | undefined {
    return this.first.get(scoreKey(matchId, home, away));
  }
}

function stateKey(matchId: string, status: number, home: readonly number[], away: readonly number[]): string {
  return `state|${matchId}|${status}|${home.join()}|${away.join()}`;
}

function scoreKey(matchId: string, home: number, away: number): string {
  return `score|${matchId}|${home}|${away}`;
}
