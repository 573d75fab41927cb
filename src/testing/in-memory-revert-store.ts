import type { KickoffSources, MatchState } from '../domain/match-state.js';
import { KICKOFF_COLUMNS } from '../platform/score-columns.js';
import {
  type ChangeRange,
  type JournaledWrite,
  type RevertAnswer,
  RevertStore,
  type ShownState,
} from '../score-writer/ports/revert-store.js';
import { sameToReaders } from './in-memory-score-row.js';
import type { InMemoryScoreStore } from './in-memory-score-store.js';

/** The store takes back what was written to an {@link InMemoryScoreStore}. Its matches are of no competition. */
export class InMemoryRevertStore extends RevertStore {
  constructor(private readonly scores: InMemoryScoreStore) {
    super();
  }

  override async writes(matchId: string | null, sinceMs: number | null): Promise<readonly JournaledWrite[]> {
    return this.scores.journal
      .filter((entry) => (matchId === null || entry.matchId === matchId) && entry.committedAtMs >= (sinceMs ?? 0))
      .map(({ before, after, catchUp, ...entry }) => ({ ...entry, competitionId: null }))
      .sort((a, b) => a.matchId.localeCompare(b.matchId) || a.epoch - b.epoch || a.version - b.version);
  }

  override async preview(ranges: readonly ChangeRange[]): Promise<readonly RevertAnswer[]> {
    return this.answers(ranges, () => 'would-revert');
  }

  override async revert(ranges: readonly ChangeRange[]): Promise<readonly RevertAnswer[]> {
    return this.answers(ranges, (after) =>
      this.scores.takeBack(after.matchId, after, Date.now()) ? 'reverted' : 'locked',
    );
  }

  private answers(
    ranges: readonly ChangeRange[],
    act: (after: MatchState) => 'would-revert' | 'reverted' | 'locked',
  ): readonly RevertAnswer[] {
    return ranges.flatMap((range): readonly RevertAnswer[] => {
      const { matchId } = range;
      const before = this.entry(range, range.first)?.before;
      const left = this.entry(range, range.last)?.after;
      const row = this.scores.row(matchId);
      if (!before || !left) return [];
      if (!row) return [{ matchId, result: 'no-row' }];
      if (!sameToReaders(row, left)) return [{ matchId, result: 'newer-write' }];
      return [{ matchId, result: act(takenBack(row, before)), from: shownState(row), to: shownState(before) }];
    });
  }

  private entry({ matchId, epoch }: ChangeRange, version: number) {
    return this.scores.journal.find(
      (entry) => entry.matchId === matchId && entry.epoch === epoch && entry.version === version,
    );
  }
}

function takenBack(row: MatchState, before: MatchState): MatchState {
  const { status, home, away, kickoffs, shown, torn, providerTimeS, seenAtMs, reached } = before;
  const back = { status, home, away, kickoffs, shown, torn, providerTimeS, seenAtMs, reached };
  return {
    ...row,
    ...back,
    version: row.version + 1,
    statusSource: status === row.status ? row.statusSource : 'revert',
    scoreSource: 'revert',
    kickoffSources: keptSources(row, before),
  };
}

/** Of a kick-off that goes, or becomes another one, we are not the source. */
function keptSources({ kickoffs, kickoffSources }: MatchState, before: MatchState): KickoffSources {
  const kept = KICKOFF_COLUMNS.filter(({ field, source }) => {
    return kickoffSources[source] && before.kickoffs[field] !== null && before.kickoffs[field] === kickoffs[field];
  });
  return Object.fromEntries(kept.map(({ source }) => [source, kickoffSources[source]]));
}

function shownState({ status, shown }: MatchState): ShownState {
  return { status, ...shown };
}
