import { Injectable } from '@nestjs/common';
import { BrokerBackpressure } from '../contracts/broker-backpressure.js';
import { ProviderClock } from '../contracts/provider-clock.js';
import { type Decision, decide, type ScoreUpdate } from '../domain/decide.js';
import type { MatchState } from '../domain/match-state.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

/** Asks the guard, with what it takes into account beside state and update. */
@Injectable()
export class UpdateJudge {
  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    private readonly providerClock: ProviderClock,
    private readonly backlog: BrokerBackpressure,
  ) {}

  /** @param waited something newer may have been written since the update came */
  judge(base: MatchState, update: ScoreUpdate, nowMs: number, waited: boolean): Decision {
    const { restLagMs } = this.options;
    const { skewMs: providerSkewMs } = this.providerClock;
    return decide(base, update, { nowMs, waited, restLagMs, feedMayLag: this.backlog.brokerWaits, providerSkewMs });
  }
}
