import { Injectable } from '@nestjs/common';
import { MatchNames } from '../adapters/pg/match-names.js';
import type { GoalFact, LatencyNow, OperationsFacts } from '../facts.js';
import { Counters } from './counters.js';
import { Recorder } from './recorder.js';
import { ToldScores } from './told-scores.js';
import type { Window } from './window.js';

/** Tells what this process has counted and kept in memory. */
@Injectable()
export class RecordedFacts {
  constructor(
    private readonly recorder: Recorder,
    private readonly counters: Counters,
    private readonly scores: ToldScores,
    private readonly names: MatchNames,
  ) {}

  get latency(): Omit<LatencyNow, 'stats'> {
    return this.scores.latency;
  }

  /** The histories only of that time. */
  async in(window: Window): Promise<Pick<OperationsFacts, 'process' | 'totals' | 'series' | 'feedHistory' | 'goals'>> {
    const { messages, updates, commits, rejected, errors, frames } = await this.counters.read();
    return {
      process: this.recorder.process,
      totals: { messages, updates, commits, rejected, errors, frames },
      series: this.recorder.seriesIn(window),
      feedHistory: this.recorder.feedIn(window),
      goals: this.goals(window),
    };
  }

  private goals(window: Window): readonly GoalFact[] {
    const told = this.scores.goals(window);
    void this.names.learn(told.map(({ matchId }) => matchId));
    return told.map((goal) => {
      const { home, away } = this.names.of(goal.matchId);
      return { ...goal, home, away };
    });
  }
}
