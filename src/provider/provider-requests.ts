import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { logFields } from '../kernel/log-fields.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import type { Priority } from './ports/provider-lists.js';
import { ProviderError } from './provider.errors.js';
import { ResolvedProviderOptions } from './provider.options.js';
import { ProviderBreakers } from './provider-breakers.js';
import { ProviderStatus } from './provider-status.service.js';
import { RequestBudget } from './request-budget.js';
import type { Turn } from './waiting-turns.js';

export interface ProviderRequest<T> {
  /** path below the base address; a metric label */
  readonly endpoint: string;
  readonly priority: Priority;
  readonly signal?: AbortSignal;
  /** @throws ProviderError */
  readonly send: () => Promise<T>;
}

/** What the provider itself, or the way to it, did wrong: only these open the breaker. */
const OUTAGES = new Set<ProviderError['failure']>(['timeout', 'malformed', 'unreachable']);

/** Every request goes through here: pause after a limit, breaker, budget, then the request, then the books. */
@Injectable()
export class ProviderRequests {
  private readonly logger = new Logger(ProviderRequests.name);
  private readonly warning = new SampledWarning(this.logger, 'The provider gave no answer');

  constructor(
    private readonly budget: RequestBudget,
    private readonly breakers: ProviderBreakers,
    private readonly status: ProviderStatus,
    private readonly metrics: LiveScoreMetrics,
    private readonly clock: Clock,
    @Inject(ResolvedProviderOptions)
    private readonly options: Pick<ResolvedProviderOptions, 'maxWaitMs' | 'pauseAfterLimitMs'>,
  ) {}

  /** @throws ProviderError */
  async run<T>(request: ProviderRequest<T>): Promise<T> {
    try {
      const answer = await this.inTurn(request);
      this.metrics.providerRequests.inc({ endpoint: request.endpoint, result: 'ok' });
      return answer;
    } catch (error) {
      const result = error instanceof ProviderError ? error.failure : 'bug';
      this.metrics.providerRequests.inc({ endpoint: request.endpoint, result });
      throw error;
    }
  }

  private async inTurn<T>(request: ProviderRequest<T>): Promise<T> {
    const { endpoint, priority, signal } = request;
    this.refuseInVain(endpoint);
    const turn = await this.budget.turn({ priority, endpoint, signal });
    if (turn === 'paused') this.status.notePause(this.budget.toldPauseMs);
    else if (turn !== 'granted') throw this.noTurn(turn, endpoint);
    // others may have failed in the meantime
    this.refuseInVain(endpoint);
    if (turn === 'paused') throw this.noTurn('late', endpoint);
    return this.send(request);
  }

  private async send<T>({ endpoint, send }: ProviderRequest<T>): Promise<T> {
    const breaker = this.breakers.of(endpoint);
    const admission = breaker.admit();
    const stop = this.metrics.providerDuration.startTimer({ endpoint });
    this.status.noteSent();
    try {
      const answer = await send();
      breaker.succeeded(admission);
      this.status.noteSuccess(endpoint);
      return answer;
    } catch (error) {
      if (!(error instanceof ProviderError) || error.failure === 'aborted') breaker.abandoned(admission);
      else {
        // a "no" is an answer, too: the provider is there
        if (OUTAGES.has(error.failure)) breaker.failed(admission);
        else breaker.succeeded(admission);
        this.report(endpoint, error);
        if (error.failure === 'limit') this.budget.pause(this.options.pauseAfterLimitMs);
        this.status.noteFailure(endpoint, error);
      }
      throw error;
    } finally {
      stop();
    }
  }

  private report(endpoint: string, { code, message, failure }: ProviderError): void {
    const facts = { endpoint, code, text: message };
    if (failure === 'address' && !this.status.addressRefused) {
      this.logger.error('The provider does not know our address: its support must add it', logFields(facts));
    } else this.warning.warn(facts);
  }

  private refuseInVain(endpoint: string): void {
    const { enabled, pausedUntilMs } = this.status;
    if (!enabled)
      throw new ProviderError('disabled', 'No credentials: set the options "user" and "secret"', { endpoint });
    if (pausedUntilMs !== null) {
      throw new ProviderError('limit', 'Not asked: too many requests a while ago', {
        endpoint,
        retryAtMs: pausedUntilMs,
      });
    }
    const breaker = this.breakers.of(endpoint);
    if (breaker.refuses) {
      const retryAtMs = this.clock.nowMs() + breaker.remainingMs;
      throw new ProviderError('open', 'Not asked: the last requests all failed', { endpoint, retryAtMs });
    }
  }

  private noTurn(turn: Exclude<Turn, 'granted' | 'paused'>, endpoint: string): ProviderError {
    if (turn === 'aborted') return new ProviderError('aborted', 'Not asked: called off', { endpoint });
    const text = turn === 'full' ? 'too many requests wait already' : `no turn within ${this.options.maxWaitMs} ms`;
    return new ProviderError('budget', `Not asked: ${text}`, { endpoint });
  }
}
