import { Injectable } from '@nestjs/common';
import { BrokerBackpressure } from '../contracts/broker-backpressure.js';
import { ProviderClock } from '../contracts/provider-clock.js';
import type { GuardContext } from '../domain/decide.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

/** What the guard takes into account beside state and update. */
@Injectable()
export class GuardCircumstances {
  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    private readonly providerClock: ProviderClock,
    private readonly backlog: BrokerBackpressure,
  ) {}

  /** @param waited something newer may have been written since the update came */
  at(nowMs: number, waited: boolean): GuardContext {
    const { restLagMs } = this.options;
    const { skewMs: providerSkewMs } = this.providerClock;
    return { nowMs, waited, restLagMs, feedMayLag: this.backlog.brokerWaits, providerSkewMs };
  }
}
