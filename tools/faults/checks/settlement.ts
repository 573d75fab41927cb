import type { Truth } from '../model/truth.js';
import type { JournalEntry, MatchDatabase, MatchRow, PredictionRow, RevisionRow } from '../parts/match-database.js';
import type { SeenPrediction } from '../parts/screen.js';
import type { Finding } from './finding.js';
import { byMatch } from './journal.js';
import { reversalsOf, revisionFindings } from './revisions.js';
import { resultFinding } from './settled-results.js';
import { settlementFrameFindings } from './settlement-frames.js';

/** What became of the predictions of a round, or of several. */
export interface SettlementCounts {
  readonly predictions: number;
  /** with a result in the end */
  readonly settled: number;
  /** results that were taken back or became another one on the way */
  readonly reversed: number;
  /** first results that clients were told */
  readonly told: number;
}

export function addCounts(all: readonly SettlementCounts[]): SettlementCounts {
  const sum = (field: keyof SettlementCounts) => all.reduce((total, one) => total + one[field], 0);
  return {
    predictions: sum('predictions'),
    settled: sum('settled'),
    reversed: sum('reversed'),
    told: sum('told'),
  };
}

type KnownTruth = Pick<Truth, 'nthOf' | 'frame'>;

/** The predictions of a round, their revisions, and the matches they are about, at this moment. */
export class Settlement {
  private constructor(
    private readonly predictions: readonly PredictionRow[],
    private readonly revisions: ReadonlyMap<string, readonly RevisionRow[]>,
    private readonly rows: ReadonlyMap<string, MatchRow>,
    private readonly journals: ReadonlyMap<string, readonly JournalEntry[]>,
  ) {}

  static async read(database: MatchDatabase, matchIds: readonly string[]): Promise<Settlement> {
    const predictions = await database.predictions(matchIds);
    const revisions = await database.revisions(matchIds);
    const rows = await database.matches(matchIds);
    return new Settlement(predictions, byPrediction(revisions), rows, byMatch(await database.journal(matchIds)));
  }

  /** Predictions without the result that row and truth give them. */
  private results(truth: KnownTruth): Finding[] {
    return this.predictions.flatMap((prediction) => {
      const { matchId } = prediction;
      const newest = truth.frame(matchId, truth.nthOf(matchId));
      const facts = { row: this.rows.get(matchId), truth: newest, journal: this.journalOf(matchId) };
      return resultFinding(prediction, this.revisionsOf(prediction), facts);
    });
  }

  /**
   * There may be some until the next sweep is over.
   * @param seen by clients, before the tables were read
   */
  findings(truth: KnownTruth, seen: readonly SeenPrediction[]): Finding[] {
    const steps = this.predictions.flatMap((prediction) =>
      revisionFindings(prediction, this.revisionsOf(prediction), this.journalOf(prediction.matchId)),
    );
    return [...this.results(truth), ...steps, ...settlementFrameFindings(seen, this.revisions)];
  }

  counts(seen: readonly SeenPrediction[]): SettlementCounts {
    return {
      predictions: this.predictions.length,
      settled: this.predictions.filter(({ result }) => result !== 'pending').length,
      reversed: [...this.revisions.values()].reduce((total, revisions) => total + reversalsOf(revisions), 0),
      told: seen.filter(({ type }) => type === 'PREDICTION_SETTLED').length,
    };
  }

  private revisionsOf({ id }: PredictionRow): readonly RevisionRow[] {
    return this.revisions.get(id) ?? [];
  }

  private journalOf(matchId: string): readonly JournalEntry[] {
    return this.journals.get(matchId) ?? [];
  }
}

function byPrediction(revisions: readonly RevisionRow[]): ReadonlyMap<string, readonly RevisionRow[]> {
  const groups = new Map<string, RevisionRow[]>();
  for (const revision of revisions) {
    const group = groups.get(revision.predictionId);
    if (group) group.push(revision);
    else groups.set(revision.predictionId, [revision]);
  }
  return groups;
}
