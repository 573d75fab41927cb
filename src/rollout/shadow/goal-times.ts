import type { MatchEvent } from '../../domain/match-event.js';

/** A score of a match after a goal. */
export interface GoalScore {
  readonly home: number;
  readonly away: number;
}

/** A goal that the direct path had; the legacy path too, unless `legacyAtMs` is null. Our clock, unix ms. */
export interface TimedGoal extends GoalScore {
  readonly directAtMs: number;
  readonly legacyAtMs: number | null;
}

interface RowScore extends GoalScore {
  /** null: it was so before anybody looked */
  readonly atMs: number | null;
}

const MAX_REMEMBERED = 32;

/** When either path had each goal of one match, whichever was first. */
export class GoalTimes {
  private open: TimedGoal[] = [];
  /** what the row showed, oldest first */
  private rowScores: RowScore[] = [];

  /** Goals from before this process that the legacy path lacked; what the row shows now. */
  begin(open: readonly TimedGoal[], row: GoalScore): void {
    this.open = open.slice(0, MAX_REMEMBERED);
    this.rowScores = [{ home: row.home, away: row.away, atMs: null }];
  }

  /**
   * The direct path changed its mind.
   * @returns the goals that are new, as far as both times can be known, and those taken back before the row had them
   */
  said(events: readonly MatchEvent[], atMs: number): { told: readonly TimedGoal[]; cancelled: readonly GoalScore[] } {
    const told: TimedGoal[] = [];
    const cancelled: GoalScore[] = [];
    for (const event of events) {
      if (event.type === 'goal') {
        const goal = this.timed({ home: event.homeScore, away: event.awayScore }, atMs);
        if (goal) told.push(goal);
      } else if (event.type === 'goal-cancelled') {
        cancelled.push(...this.takeBack({ home: event.homeScore, away: event.awayScore }));
      }
    }
    return { told, cancelled };
  }

  /** The row shows this score. @returns the goals it has with it */
  shown(row: GoalScore, atMs: number): readonly TimedGoal[] {
    const last = this.rowScores.at(-1);
    if (last?.home === row.home && last.away === row.away) return [];
    this.rowScores = [...this.rowScores, { home: row.home, away: row.away, atMs }].slice(-MAX_REMEMBERED);
    const reached = this.open.filter((goal) => includes(row, goal));
    this.open = this.open.filter((goal) => !includes(row, goal));
    return reached.map((goal) => ({ ...goal, legacyAtMs: atMs }));
  }

  /** Those that the row lacks. */
  get missing(): readonly GoalScore[] {
    return this.open;
  }

  private timed(score: GoalScore, directAtMs: number): TimedGoal | null {
    const seen = this.rowScores.find((row) => includes(row, score));
    if (seen) return seen.atMs === null ? null : { ...score, directAtMs, legacyAtMs: seen.atMs };
    const goal = { ...score, directAtMs, legacyAtMs: null };
    if (this.open.length < MAX_REMEMBERED) this.open.push(goal);
    return goal;
  }

  private takeBack(score: GoalScore): readonly GoalScore[] {
    const gone = this.open.filter((goal) => !includes(score, goal));
    this.open = this.open.filter((goal) => includes(score, goal));
    this.rowScores = this.rowScores.filter((row) => includes(score, row));
    return gone;
  }
}

function includes(score: GoalScore, goal: GoalScore): boolean {
  return score.home >= goal.home && score.away >= goal.away;
}
