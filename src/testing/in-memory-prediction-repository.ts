import type { SettledPrediction } from '../contracts/settled-predictions.js';
import type { CommittedStep, PeriodFormat } from '../domain/settlement/settlement-path.js';
import {
  type ForeignResult,
  PredictionRepository,
  type PredictionText,
  type Ruling,
  type SettledSoFar,
  type SettlementStep,
  type SettlementWritten,
  type SweepPage,
  type UnsettledMatch,
  type WorkingMode,
} from '../settlement/ports/prediction-repository.js';

/** The row is a prediction as far as its settlement is concerned. */
export interface PredictionRow {
  readonly id: string;
  readonly matchId: string;
  prediction: string;
  readonly threshold: string | null;
  readonly createdAtMs: number;
  result: SettledPrediction['result'];
}

/** The row is one revision as it was written. */
export interface RevisionRow extends Ruling {
  readonly id: string;
  readonly revision: number;
  readonly isShadow: boolean;
  readonly told: boolean;
  readonly cause: string;
}

interface MatchRow extends SettledSoFar {
  readonly nextAtMs: number | null;
}

/** The repository keeps predictions, journal and verdicts in memory, held to the same contract as PostgreSQL. */
export class InMemoryPredictionRepository extends PredictionRepository {
  /** statements fail with this error; null: they work */
  failure: Error | null = null;
  /** matches that a trigger of the host refuses */
  readonly refused = new Set<string>();
  /** of the lease of the feed */
  fence = 0;
  nowMs = 0;
  mode: string | null = null;
  reads = 0;
  readonly predictions: PredictionRow[] = [];
  readonly revisions: RevisionRow[] = [];
  readonly played = new Set<string>();
  readonly formats = new Map<string, PeriodFormat>();
  private readonly journal = new Map<string, CommittedStep[]>();
  private readonly matches = new Map<string, MatchRow>();

  commit(matchId: string, step: CommittedStep): void {
    this.journal.set(matchId, [...(this.journal.get(matchId) ?? []), step]);
  }

  override async read(matchIds: readonly string[], mode: WorkingMode): Promise<readonly UnsettledMatch[]> {
    this.attempt();
    this.reads += 1;
    return matchIds.flatMap((matchId) => {
      const texts = this.textsOf(matchId);
      return texts.length > 0 ? [this.unsettled(matchId, texts, mode)] : [];
    });
  }

  override async write(step: SettlementStep): Promise<SettlementWritten> {
    this.attempt();
    const { matchId, expected, path, words, heard, predictions, mode, nextAtMs, fence } = step;
    if (this.refused.has(matchId)) throw Object.assign(new Error('refused'), { code: 'P0001' });
    const found = this.matches.get(matchId)?.step ?? 0;
    if (found !== expected || (fence !== null && fence < this.fence))
      return { isWritten: false, settled: [], foreign: [] };
    this.matches.set(matchId, { step: found + 1, path, words, heard, predictions, mode, nextAtMs });
    const settled: SettledPrediction[] = [];
    const foreign: ForeignResult[] = [];
    for (const row of this.predictions.filter((one) => one.matchId === matchId)) this.rule(step, row, settled, foreign);
    return { isWritten: true, settled, foreign };
  }

  override async sweep(_sinceMs: number, mode: WorkingMode, { after, limit }: SweepPage): Promise<readonly string[]> {
    this.attempt();
    const ids = new Set(this.predictions.map(({ matchId }) => matchId));
    const due = [...ids].filter((matchId) => matchId > after && this.isDue(matchId, mode));
    return due.sort().slice(0, limit);
  }

  override async wasPlayed(matchId: string): Promise<boolean> {
    return this.played.has(matchId);
  }

  override async setting(): Promise<string | null> {
    this.attempt();
    return this.mode;
  }

  private attempt(): void {
    if (this.failure) throw this.failure;
  }

  private isDue(matchId: string, mode: WorkingMode): boolean {
    const match = this.matches.get(matchId);
    const newest = this.journal.get(matchId)?.at(-1);
    if (!match) return newest !== undefined;
    const isBehind = newest !== undefined && newest.version > match.path.version;
    const hasCome = match.nextAtMs !== null && match.nextAtMs <= this.nowMs - 5_000;
    return isBehind || hasCome || match.mode !== mode || match.predictions !== this.signatureOf(matchId);
  }

  private signatureOf(matchId: string): number {
    const asked = this.predictions.filter((one) => one.matchId === matchId);
    const text = JSON.stringify(asked.map(({ id, prediction, threshold }) => [id, prediction, threshold]));
    return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 40, 0);
  }

  private textsOf(matchId: string): readonly PredictionText[] {
    const texts = new Map<string, PredictionText>();
    for (const { prediction, threshold } of this.predictions.filter((one) => one.matchId === matchId)) {
      const key = keyOf(prediction, threshold);
      texts.set(key, { prediction, threshold, count: (texts.get(key)?.count ?? 0) + 1 });
    }
    return [...texts.values()];
  }

  private unsettled(matchId: string, texts: readonly PredictionText[], mode: WorkingMode): UnsettledMatch {
    const sofar = this.matches.get(matchId) ?? null;
    const journal = this.journal.get(matchId) ?? [];
    return {
      matchId,
      sofar,
      steps: journal.filter(({ version }) => version > (sofar?.path.version ?? -1)),
      isMore: false,
      before: null,
      last: journal.find(({ version }) => version === sofar?.path.version) ?? null,
      texts,
      signature: this.signatureOf(matchId),
      format: this.formats.get(matchId) ?? 'halves',
      mode,
      nowMs: this.nowMs,
    };
  }

  private rule(step: SettlementStep, row: PredictionRow, settled: SettledPrediction[], foreign: ForeignResult[]): void {
    const ruling = step.rulings.find(
      (one) => keyOf(one.prediction, one.threshold) === keyOf(row.prediction, row.threshold),
    );
    const isShadow = step.mode === 'shadow';
    const last = this.revisions.findLast(({ id, isShadow: other }) => id === row.id && other === isShadow);
    if (!ruling || last?.fingerprint === ruling.fingerprint || (!last && ruling.verdict === 'open')) return;
    if (!step.isNewest && row.createdAtMs > step.decidedAtMs) return;
    if (!isShadow && row.result !== (last?.result ?? 'pending')) {
      foreign.push({ predictionId: row.id, theirs: row.result, ours: ruling.result });
      return;
    }
    const told = (last?.told ?? false) || ruling.result !== 'pending';
    const revision = (last?.revision ?? 0) + 1;
    this.revisions.push({ ...ruling, id: row.id, revision, isShadow, told, cause: step.cause });
    if (!isShadow) row.result = ruling.result;
    settled.push(toSettled(step, row, ruling, revision, told && !(last?.told ?? false)));
  }
}

function keyOf(prediction: string, threshold: string | null): string {
  return `${prediction}|${threshold ?? ''}`;
}

function toSettled(
  { matchId, cause }: SettlementStep,
  { id, prediction }: PredictionRow,
  { result, verdict, certainty, reason, score }: Ruling,
  revision: number,
  isFirstResult: boolean,
): SettledPrediction {
  const teams = { botName: 'bot', homeTeam: 'Home', awayTeam: 'Away' };
  const said = { result, verdict, certainty, reason, cause, finalScore: score, isFirstResult };
  return { predictionId: id, matchId, revision, ...said, prediction, ...teams };
}
