import { Injectable } from '@nestjs/common';
import type { Committed, ScoreCommitted } from '../../contracts/committed-changes.js';
import type { ToldBatch } from '../../contracts/told-changes.js';
import type { MatchEvent } from '../../domain/match-event.js';
import type { GoalFact, LatencyNow, Percentiles } from '../facts.js';
import { Measured } from './measured.js';
import { isWithin, type Window } from './window.js';

const MOST_GOALS = 500;
const KEPT = 1_000;

/** The three ways of a change: into its row, from there to the sockets, and both. */
interface Ways {
  readonly receiveToCommit: Measured;
  readonly commitToScreen: Measured;
  readonly receiveToScreen: Measured;
}

const waysOf = (size: number): Ways => ({
  receiveToCommit: new Measured(size),
  commitToScreen: new Measured(size),
  receiveToScreen: new Measured(size),
});

/** A goal without the names of its teams: they may be learned later. */
export type ToldGoal = Omit<GoalFact, 'home' | 'away'>;

/** What clients were told of scores: the last goals, and how long each change took. What somebody else wrote is nobody's latency. */
@Injectable()
export class ToldScores {
  private readonly lately = waysOf(KEPT);
  /** since the last point of the series */
  private readonly sincePoint = waysOf(KEPT);
  private told: ToldGoal[] = [];

  take({ changes, sentAtMs }: ToldBatch): void {
    for (const change of changes) if (isScore(change)) this.note(change, sentAtMs);
  }

  get latency(): Omit<LatencyNow, 'stats'> {
    return percentilesOf(this.lately);
  }

  /** Of the changes told since the last call. */
  takeLatency(): Readonly<Record<keyof Ways, Percentiles>> {
    const taken = percentilesOf(this.sincePoint);
    for (const way of Object.values(this.sincePoint)) way.empty();
    return taken;
  }

  goals(window: Window): readonly ToldGoal[] {
    return this.told.filter(({ atMs }) => isWithin(atMs, window));
  }

  private note(change: ScoreCommitted, sentAtMs: number): void {
    const receiveToCommitMs = Math.max(0, change.committedAtMs - change.receivedAtMs);
    const commitToScreenMs = Math.max(0, sentAtMs - change.committedAtMs);
    if (change.source !== 'foreign' && !change.catchUp) {
      for (const ways of [this.lately, this.sincePoint]) {
        ways.receiveToCommit.add(receiveToCommitMs);
        ways.commitToScreen.add(commitToScreenMs);
        ways.receiveToScreen.add(receiveToCommitMs + commitToScreenMs);
      }
    }
    for (const event of change.events) {
      if (!isGoal(event)) continue;
      this.told.push({
        atMs: sentAtMs,
        matchId: change.matchId,
        kind: event.type,
        side: event.side,
        score: [event.homeScore, event.awayScore],
        version: change.version,
        source: change.source,
        receiveToCommitMs,
        commitToScreenMs,
        isCatchUp: change.catchUp,
      });
    }
    if (this.told.length > MOST_GOALS) this.told = this.told.slice(-MOST_GOALS);
  }
}

function percentilesOf(ways: Ways): Readonly<Record<keyof Ways, Percentiles>> {
  return {
    receiveToCommit: ways.receiveToCommit.percentiles(),
    commitToScreen: ways.commitToScreen.percentiles(),
    receiveToScreen: ways.receiveToScreen.percentiles(),
  };
}

function isScore(change: Committed): change is Committed & ScoreCommitted {
  return change.kind === 'score';
}

function isGoal(event: MatchEvent): event is Extract<MatchEvent, { type: 'goal' | 'goal-cancelled' }> {
  return event.type === 'goal' || event.type === 'goal-cancelled';
}
