import type { Database, Statement } from '../../../postgres/database.js';
import {
  type ChangeRange,
  type JournaledWrite,
  type RevertAnswer,
  RevertStore,
  type ShownState,
} from '../../ports/revert-store.js';
import { FACTS, REVERT, WRITES } from './revert-statements.js';
import { type RevertFacts, type TargetRow, targetRow } from './revert-target.js';

/** `ts_matches` and `livescore_journal` on the connection of a command. */
export class PgRevertStore extends RevertStore {
  constructor(private readonly database: Database) {
    super();
  }

  override writes(matchId: string | null, sinceMs: number | null): Promise<readonly JournaledWrite[]> {
    return this.database.query<JournaledWrite>(WRITES, [matchId, sinceMs]);
  }

  override async preview(ranges: readonly ChangeRange[]): Promise<readonly RevertAnswer[]> {
    const { targets, refused } = await this.plan(ranges);
    return [...refused, ...targets.map((target) => answerOf(target, 'would-revert'))];
  }

  override async revert(ranges: readonly ChangeRange[]): Promise<readonly RevertAnswer[]> {
    const { targets, refused } = await this.plan(ranges);
    const rows = targets.length === 0 ? [] : await this.send<{ id: string }>(REVERT, targets);
    const written = new Set(rows.map(({ id }) => id));
    return [...refused, ...targets.map((target) => answerOf(target, written.has(target.id) ? 'reverted' : 'locked'))];
  }

  /** Sorted, so that the statement locks in the order of the writer. */
  private async plan(ranges: readonly ChangeRange[]) {
    const atS = Math.floor(Date.now() / 1000);
    const targets: TargetRow[] = [];
    const refused: RevertAnswer[] = [];
    for (const facts of await this.send<RevertFacts>(FACTS, ranges)) {
      const target = targetRow(facts, atS);
      if (typeof target === 'string') refused.push({ matchId: facts.match_id, result: target });
      else targets.push(target);
    }
    return { targets: targets.sort((a, b) => (a.id < b.id ? -1 : 1)), refused };
  }

  private send<Row>(statement: Statement, input: readonly unknown[]): Promise<readonly Row[]> {
    return this.database.query<Row>(statement, [JSON.stringify(input)]);
  }
}

function answerOf(target: TargetRow, result: 'would-revert' | 'reverted' | 'locked'): RevertAnswer {
  return {
    matchId: target.id,
    result,
    from: shownState(target.was_status, target.was_shown),
    to: shownState(target.status, [target.home_columns[0], target.away_columns[0]]),
  };
}

function shownState(status: number | null, [home, away]: readonly (number | null | undefined)[]): ShownState {
  return { status, home: home ?? null, away: away ?? null };
}
