import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { ProviderError } from './provider.errors.js';
import { ResolvedProviderOptions } from './provider.options.js';
import { ProviderBreakers } from './provider-breakers.js';

/** What the last request without an answer said. */
export interface ProviderFault {
  /** `LIVESCORE_PROVIDER_…` */
  readonly code: string;
  /** one short line, without credentials */
  readonly text: string;
  readonly endpoint: string;
  /** our clock, unix ms */
  readonly atMs: number;
}

/** More endpoints than the provider has. */
const MOST_FAULTS = 100;

/** The service tells how the provider's REST API answers, from memory. */
@Injectable()
export class ProviderStatus {
  private successAtMs: number | null = null;
  private readonly faults = new Map<string, ProviderFault>();
  private pause: { readonly fromMs: number; readonly lengthMs: number } | null = null;
  private sent = 0;

  constructor(
    private readonly clock: Clock,
    private readonly breakers: ProviderBreakers,
    @Inject(ResolvedProviderOptions)
    private readonly options: Pick<ResolvedProviderOptions, 'credentials' | 'pauseAfterLimitMs'>,
  ) {}

  /** false without credentials: nothing is asked */
  get enabled(): boolean {
    return this.options.credentials !== null;
  }

  /** the last good answer, our clock, unix ms; null before the first */
  get lastSuccessAtMs(): number | null {
    return this.successAtMs;
  }

  /** the newest failure of an endpoint that has not answered well since; null while all is well */
  get lastError(): ProviderFault | null {
    return [...this.faults.values()].at(-1) ?? null;
  }

  /** Our address is not on the provider's list for at least one endpoint: only its support can change that. */
  get addressRefused(): boolean {
    return this.refusedEndpoints.length > 0;
  }

  /** The endpoints that refuse our address; others may answer. */
  get refusedEndpoints(): readonly string[] {
    const refused = [...this.faults.values()].filter(({ code }) => code === 'LIVESCORE_PROVIDER_ADDRESS');
    return refused.map(({ endpoint }) => endpoint).sort();
  }

  /** Until then nobody asks, because the provider said "too many requests": our clock, unix ms; null when not paused. */
  get pausedUntilMs(): number | null {
    if (this.pause === null) return null;
    const { fromMs, lengthMs } = this.pause;
    const passedMs = this.clock.nowMs() - fromMs;
    // a clock that was set back ends the pause, it does not prolong it
    return passedMs < 0 || passedMs >= lengthMs ? null : fromMs + lengthMs;
  }

  /** Of the endpoint that is worst off. `open`: it failed too often, nobody asks it; `probing`: one request tries */
  get breakerState(): 'closed' | 'open' | 'probing' {
    return this.breakers.state;
  }

  /** requests sent since the process started */
  get requests(): number {
    return this.sent;
  }

  /** @internal */
  noteSent(): void {
    this.sent += 1;
  }

  /** @internal */
  noteSuccess(endpoint: string): void {
    this.successAtMs = this.clock.nowMs();
    this.faults.delete(endpoint);
  }

  /** @internal */
  noteFailure(endpoint: string, { code, message, failure }: ProviderError): void {
    const atMs = this.clock.nowMs();
    if (failure === 'limit') this.notePause(this.options.pauseAfterLimitMs);
    this.faults.delete(endpoint);
    this.faults.set(endpoint, { code, text: message, endpoint, atMs });
    const [oldest] = this.faults.keys();
    if (this.faults.size > MOST_FAULTS && oldest !== undefined) this.faults.delete(oldest);
  }

  /** Nobody asks for so long; a longer pause stays. @internal */
  notePause(lengthMs: number): void {
    const fromMs = this.clock.nowMs();
    if (fromMs + lengthMs > (this.pausedUntilMs ?? fromMs)) this.pause = { fromMs, lengthMs };
  }
}
