import { type DynamicModule, Injectable } from '@nestjs/common';
import {
  HealthCheckService,
  type HealthIndicatorFunction,
  type HealthIndicatorResult,
  HealthIndicatorService,
  TerminusModule,
} from '@nestjs/terminus';
import type { CheckState } from '../../../health/ports/host-checks.js';
import { detailsOf, worst } from './check-details.js';

/** A check is the host's own: `HealthCheckService.check()` takes a list of them. */
export type HostCheck = HealthIndicatorFunction;
/** An indicator of the package answers this: `{ [key]: { status, …facts } }`. */
export type IndicatorResult<Key extends string = string> = HealthIndicatorResult<Key>;

/** What an indicator found, and short facts about it: no address, no error text. */
export interface Verdict {
  readonly state: CheckState;
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Terminus, as far as the package knows it: what versions 11 and 12 have in common. No other file imports it. */
@Injectable()
export class TerminusAdapter {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly checks: HealthCheckService,
  ) {}

  /** A `degraded` of version 12 is an `up` with `degraded: true` in version 11: neither fails a health check. */
  result<Key extends string>(key: Key, { state, facts }: Verdict): IndicatorResult<Key> {
    const session = this.indicators.check(key);
    if (state === 'down') return session.down({ ...facts });
    if (state === 'up') return session.up({ ...facts });
    if (typeof session.degraded === 'function') return session.degraded({ ...facts });
    return (session as Pick<typeof session, 'up'>).up({ ...facts, degraded: true });
  }

  /** The state of a check of the host's own, however it tells it. Never rejects. */
  async stateOf(check: HostCheck): Promise<CheckState> {
    try {
      return worst((await this.checks.check([check])).details);
    } catch (error) {
      return worst(detailsOf(error));
    }
  }
}

/** A Terminus that logs nothing: what checks of the host say of their failures may be addresses and secrets. */
export function silentTerminus(): DynamicModule {
  return TerminusModule.forRoot({ logger: false });
}
