import { Injectable, Optional } from '@nestjs/common';
import { type GuardContext, NO_CIRCUMSTANCES } from '../domain/decide.js';
import { BrokerBackpressure, NO_BROKER } from '../mqtt-ingest/ports/broker-backpressure.js';
import { ProviderClock, UNMEASURED } from '../provider/ports/provider-clock.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

/** What the guard takes into account beside state and update. */
@Injectable()
export class GuardCircumstances {
  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    @Optional() private readonly providerClock: ProviderClock = UNMEASURED,
    @Optional() private readonly backlog: BrokerBackpressure = NO_BROKER,
  ) {}

  /** @param waited something newer may have been written since the update came */
  at(nowMs: number, waited: boolean): GuardContext {
    const { restLagMs } = this.options;
    const { skewMs: providerSkewMs } = this.providerClock;
    return { ...NO_CIRCUMSTANCES, nowMs, waited, restLagMs, feedBehind: this.backlog.brokerWaits, providerSkewMs };
  }
}
