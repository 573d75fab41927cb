import { Injectable, Optional } from '@nestjs/common';
import { MatchTimes, STANDARD_TIMES } from '../contracts/match-times.js';
import type { GuardContext } from '../domain/decide.js';
import type { Heard } from '../domain/heard.js';
import { BrokerBackpressure, NO_BROKER } from '../mqtt-ingest/ports/broker-backpressure.js';
import { ProviderClock, UNMEASURED } from '../provider/ports/provider-clock.js';
import { NO_PROVIDER, ProviderReach } from '../provider/ports/provider-reach.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

/** What the guard takes into account beside state and update. */
@Injectable()
export class GuardCircumstances {
  constructor(
    readonly limits: ResolvedScoreWriterOptions,
    @Optional() private readonly providerClock: ProviderClock = UNMEASURED,
    @Optional() private readonly backlog: BrokerBackpressure = NO_BROKER,
    @Optional() private readonly provider: ProviderReach = NO_PROVIDER,
    @Optional() private readonly times: MatchTimes = STANDARD_TIMES,
  ) {}

  /** @param waited something newer may have been written since the update came */
  at(matchId: string, nowMs: number, heard: Heard, waited: boolean): GuardContext {
    return {
      nowMs,
      waited,
      heard,
      restLagMs: this.limits.restLagMs,
      feedBehind: this.backlog.brokerWaits,
      brokerEmptyAtMs: this.backlog.emptyAtMs,
      providerSkewMs: this.providerClock.skewMs,
      provider: this.provider.reach,
      limits: this.limits,
      format: this.times.formatOf(matchId),
    };
  }
}
