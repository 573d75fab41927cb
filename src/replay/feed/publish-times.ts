import { displayScore, type Slots } from '../../domain/score.js';
import type { MatchFrame } from './match-frame.js';

/** When each state of a match was first published, unix ms. */
export class PublishTimes {
  private readonly states = new Map<string, number>();
  private readonly scores = new Map<string, number>();

  note({ matchId, score }: MatchFrame, atMs: number): void {
    if (!score) return;
    keepFirst(this.states, stateKey(matchId, score.status, score.home, score.away), atMs);
    keepFirst(this.scores, scoreKey(matchId, displayScore(score.home), displayScore(score.away)), atMs);
  }

  ofState(matchId: string, status: number, home: readonly number[], away: readonly number[]): number | undefined {
    return this.states.get(stateKey(matchId, status, home, away));
  }

  /** by display score */
  ofScore(matchId: string, home: number, away: number): number | undefined {
    return this.scores.get(scoreKey(matchId, home, away));
  }
}

function keepFirst(times: Map<string, number>, key: string, atMs: number): void {
  if (!times.has(key)) times.set(key, atMs);
}

function stateKey(matchId: string, status: number, home: readonly number[] | Slots, away: readonly number[] | Slots) {
  return `${matchId}|${status}|${home.join()}|${away.join()}`;
}

function scoreKey(matchId: string, home: number, away: number): string {
  return `${matchId}|${home}|${away}`;
}
