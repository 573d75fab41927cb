import { Injectable } from '@nestjs/common';
import { HealthProbes } from '../../contracts/health-probe.js';
import { type IndicatorResult, TerminusAdapter, type Verdict } from '../adapters/terminus/terminus-adapter.js';

const UNTOLD: Verdict = { state: 'down', facts: { message: 'it cannot be told' } };

/**
 * An indicator says of one part of the package whether it is well, from what the package knows already: it asks nobody, opens no
 * connection, never throws, and shows no address and no error text.
 */
@Injectable()
export abstract class LiveScoreIndicator {
  /** Key of the result when none is given. */
  protected abstract readonly key: string;

  constructor(
    private readonly terminus: TerminusAdapter,
    protected readonly probes: HealthProbes,
  ) {}

  /** @param key of the result; each indicator has another one by itself */
  async isHealthy(key: string = this.key): Promise<IndicatorResult> {
    return this.terminus.result(key, await this.verdict());
  }

  protected abstract judge(): Verdict | Promise<Verdict>;

  private async verdict(): Promise<Verdict> {
    try {
      return await this.judge();
    } catch {
      return UNTOLD;
    }
  }
}

/** The part belongs to a module that the host does not have: nothing is wrong with it. */
export const ABSENT: Verdict = { state: 'up', facts: { present: false } };
