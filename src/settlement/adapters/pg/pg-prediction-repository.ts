import { Injectable } from '@nestjs/common';
import type { SettledPrediction } from '../../../contracts/settled-predictions.js';
import { readMatchFormat } from '../../../domain/match-format.js';
import type { PeriodFormat, SettlementPath } from '../../../domain/settlement/settlement-path.js';
import { Database } from '../../../postgres/database.js';
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
} from '../../ports/prediction-repository.js';
import { type StepJson, toStep, toSteps } from './journal-step.js';
import { MOST_STEPS, READ, SETTING, SWEEP, WAS_PLAYED, WRITE } from './settlement-statements.js';

/** A moment is only folded in when no commit before it can still be on its way, ms. */
const GRACE_MS = 5_000;

interface ReadRow {
  readonly matchId: string;
  readonly step: number | null;
  readonly path: SettlementPath;
  readonly words: SettledSoFar['words'];
  readonly heard: number;
  readonly predictions: string;
  readonly signature: number;
  readonly mode: WorkingMode;
  readonly texts: readonly PredictionText[];
  readonly steps: readonly StepJson[];
  readonly last: StepJson | null;
  readonly nowMs: number;
  readonly format: string | null;
  readonly disputed: boolean;
}

interface DueRow {
  readonly predictionId: string | null;
  readonly n: number;
  readonly revision: number;
  readonly isFirstResult: boolean;
  readonly theirs: SettledPrediction['result'] | null;
  readonly botName: string;
  readonly homeTeam: string;
  readonly awayTeam: string;
}

/** `ai_predictions`, the journal and the tables of the settlement through the package's own connections. */
@Injectable()
export class PgPredictionRepository extends PredictionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async read(matchIds: readonly string[], mode: WorkingMode): Promise<readonly UnsettledMatch[]> {
    return (await this.database.query<ReadRow>(READ, [matchIds])).map((row) => toMatch(row, mode));
  }

  override async write(step: SettlementStep): Promise<SettlementWritten> {
    const { matchId, expected, path, mode, rulings } = step;
    const rows = await this.database.query<DueRow>(WRITE, [
      matchId,
      expected,
      path.epoch,
      path.version,
      JSON.stringify(path),
      JSON.stringify(step.words),
      step.predictions,
      mode,
      step.nextAtMs,
      step.fence,
      JSON.stringify(rulings.map(toJson)),
      step.cause,
      step.decidedAtMs,
      step.isNewest,
      step.heard,
    ]);
    const due = rows.filter(({ predictionId }) => predictionId !== null);
    return {
      isWritten: rows.length > 0,
      settled: due.flatMap((row) => (row.theirs === null ? [toSettled(step, row)] : [])),
      foreign: due.flatMap((row) => toForeign(step, row)),
    };
  }

  override async sweep(sinceMs: number, mode: WorkingMode, { after, limit }: SweepPage): Promise<readonly string[]> {
    const rows = await this.database.query<{ match_id: string }>(SWEEP, [sinceMs, mode, limit, GRACE_MS, after]);
    return rows.map(({ match_id }) => match_id);
  }

  override async wasPlayed(matchId: string): Promise<boolean> {
    const [row] = await this.database.query<{ played: boolean }>(WAS_PLAYED, [matchId]);
    return row?.played ?? false;
  }

  override async setting(): Promise<string | null> {
    const [row] = await this.database.query<{ value: string }>(SETTING, []);
    return row?.value ?? null;
  }
}

function toMatch(row: ReadRow, mode: WorkingMode): UnsettledMatch {
  const { matchId, step, path, words, heard, predictions, steps, last, texts, signature, nowMs } = row;
  return {
    matchId,
    sofar: step === null ? null : { step, path, words, heard, predictions: Number(predictions), mode: row.mode },
    isMore: steps.length >= MOST_STEPS,
    ...toSteps(steps),
    last: last && toStep(last, last.after),
    texts,
    signature,
    format: formatOf(row.format, row.disputed),
    mode,
    nowMs,
  };
}

/** A format that is set ends every doubt where it is known; one that is not of two halves has no half-time. */
function formatOf(text: string | null, disputed: boolean): PeriodFormat {
  if (text !== null && !text.startsWith('2x')) return 'other';
  if (text !== null) return readMatchFormat(text) ? 'halves' : 'disputed';
  return disputed ? 'disputed' : 'halves';
}

function toJson(ruling: Ruling, n: number) {
  const { prediction, threshold, ruleVersion, deadlineMs, ...same } = ruling;
  return { n, key: `${prediction}|${threshold ?? ''}`, rule_version: ruleVersion, deadline_ms: deadlineMs, ...same };
}

function toSettled({ matchId, cause, rulings }: SettlementStep, row: DueRow): SettledPrediction {
  const { prediction, verdict, result, certainty, reason, score } = rulings[row.n]!;
  return {
    predictionId: row.predictionId as string,
    matchId,
    revision: row.revision,
    result,
    verdict,
    certainty,
    reason,
    cause,
    finalScore: score,
    isFirstResult: row.isFirstResult,
    prediction,
    botName: row.botName,
    homeTeam: row.homeTeam,
    awayTeam: row.awayTeam,
  };
}

function toForeign({ rulings }: SettlementStep, { predictionId, theirs, n }: DueRow): readonly ForeignResult[] {
  if (predictionId === null || theirs === null) return [];
  return [{ predictionId, theirs, ours: rulings[n]!.result }];
}
