import { Injectable, Optional } from '@nestjs/common';
import { MatchTimes, STANDARD_TIMES } from '../contracts/match-times.js';
import { SettledPredictions } from '../contracts/settled-predictions.js';
import { nextMomentMs } from '../domain/settlement/settlement-fold.js';
import { PredictionRepository, type SettlementStep, type UnsettledMatch } from './ports/prediction-repository.js';
import { ResolvedSettlementOptions } from './settlement.options.js';
import { endedUnseen, type PlannedStep, planSettlement } from './settlement-plan.js';
import { SettlementReport } from './settlement-report.js';

/** Settles one match: plans its steps, commits each of them, and tells of each after its commit. */
@Injectable()
export class MatchSettlement {
  constructor(
    private readonly options: ResolvedSettlementOptions,
    private readonly repository: PredictionRepository,
    private readonly settled: SettledPredictions,
    private readonly report: SettlementReport,
    @Optional() private readonly times: MatchTimes = STANDARD_TIMES,
  ) {}

  /**
   * @param fence of the lease; null without one
   * @returns `more`: it has more versions than were read; `moved`: somebody else moved it on, or has the lease by now
   * @throws the driver's error; what was committed before it stays
   */
  async settle(read: UnsettledMatch, fence: number | null): Promise<'done' | 'more' | 'moved'> {
    const match = this.withDoubt(read);
    const wasPlayed = endedUnseen(match, this.options) && (await this.repository.wasPlayed(match.matchId));
    const { steps, unknown } = planSettlement(match, wasPlayed, this.options);
    this.report.unknown(match.matchId, unknown);
    let expected = match.sofar?.step ?? 0;
    for (const planned of steps) {
      const step = this.stepOf(match, planned, expected, fence);
      const { isWritten, settled, foreign } = await this.repository.write(step);
      if (!isWritten) return 'moved';
      this.report.foreignResults(step, foreign);
      this.report.settled(step, settled);
      if (settled.length > 0 && match.mode === 'on') this.settled.publish(settled);
      expected += 1;
    }
    return match.isMore ? 'more' : 'done';
  }

  /** A half-time that came too early is known here before the table has it. */
  private withDoubt(match: UnsettledMatch): UnsettledMatch {
    const isInDoubt = match.format === 'halves' && this.times.isFormatDisputed(match.matchId);
    return isInDoubt ? { ...match, format: 'disputed' } : match;
  }

  private stepOf(match: UnsettledMatch, planned: PlannedStep, expected: number, fence: number | null): SettlementStep {
    const { path } = planned;
    return {
      matchId: match.matchId,
      expected,
      ...planned,
      nextAtMs: nextMomentMs(path, this.options),
      mode: match.mode,
      cause: path.cause,
      decidedAtMs: path.atMs,
      fence,
    };
  }
}
