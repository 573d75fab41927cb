import type { ProviderStandIn } from '../../../src/testing/index.js';
import type { Frame, MatchHistory } from './match-history.js';
import { type Message, tupleOf } from './message.js';

/** What has truly happened so far in every match of a fault; the provider's REST API tells it, too. */
export class Truth {
  private readonly histories = new Map<string, MatchHistory>();
  private readonly told = new Map<string, number>();

  constructor(private readonly provider: ProviderStandIn) {}

  add(history: MatchHistory): void {
    this.histories.set(history.matchId, history);
  }

  /** The provider published the message, or is about to. */
  happened({ frames }: Message): void {
    for (const frame of frames) {
      if (frame.nth <= this.nthOf(frame.matchId)) continue;
      this.told.set(frame.matchId, frame.nth);
      this.provider.put({ id: frame.matchId, score: [...tupleOf(frame), ''], stats: [], incidents: [], tlive: [] });
    }
  }

  /** number of the newest frame; 0 before the first */
  nthOf(matchId: string): number {
    return this.told.get(matchId) ?? 0;
  }

  history(matchId: string): MatchHistory | undefined {
    return this.histories.get(matchId);
  }

  frame(matchId: string, nth: number): Frame | undefined {
    return this.histories.get(matchId)?.frames[nth - 1];
  }
}
