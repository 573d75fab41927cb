import { Injectable } from '@nestjs/common';
import { retryPauseMs } from '../../kernel/backoff.js';
import { Clock } from '../../kernel/clock.js';
import { pause } from '../../kernel/deadline.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { type ListAnswer, type ListRequest, ProviderLists } from '../../provider/ports/provider-lists.js';
import { ProviderError, type ProviderFailure } from '../../provider/provider.errors.js';

const RETRY = { firstMs: 500, maxMs: 30_000 };
const MOST_ATTEMPTS = 8;
/** Somebody has to ask the provider's support: asking again changes nothing. */
const MOST_ATTEMPTS_REFUSED = 2;
/** So often in a row an answer without results is the end of the list. */
const ENDS_AFTER = 3;
/** Longest that an answer may make us wait, and how often in a run. */
const LONGEST_WAIT_MS = 60_000;
const MOST_WAITS = 30;

/** What never comes right by asking again. */
const FINAL = new Set<ProviderFailure>(['disabled']);

/** An answer, or why there is none after all attempts. */
export type PageRead =
  | { readonly kind: 'page'; readonly answer: ListAnswer; readonly items: NonNullable<ListAnswer['items']> }
  /** asked again, the answer has no results still: the list ends here, but nobody said that it is empty */
  | { readonly kind: 'no-results'; readonly answer: ListAnswer }
  | { readonly kind: 'failed'; readonly error: string };

/** Reads one page, and asks for the same page again while it may help: after a wait where the provider asks for one. */
@Injectable()
export class PageReader {
  constructor(
    private readonly lists: ProviderLists,
    private readonly scheduler: Scheduler,
    private readonly clock: Clock,
    private readonly metrics: LiveScoreMetrics,
  ) {}

  /** Never rejects. */
  async read(request: ListRequest & { readonly signal: AbortSignal }): Promise<PageRead> {
    let failures = 0;
    let waits = 0;
    let empty = 0;
    for (;;) {
      try {
        const answer = await this.lists.ask(request);
        if (answer.items) return { kind: 'page', answer, items: answer.items };
        empty += 1;
        if (empty >= ENDS_AFTER) return { kind: 'no-results', answer };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'aborted' || request.signal.aborted) return STOPPED;
        if (failure.waitMs === null) failures += 1;
        else waits += 1;
        const most = failure.kind === 'address' ? MOST_ATTEMPTS_REFUSED : MOST_ATTEMPTS;
        const isOver = FINAL.has(failure.kind) || failures >= most || waits > MOST_WAITS;
        if (isOver) return { kind: 'failed', error: failure.text };
        if (failure.waitMs !== null) this.metrics.syncWaits.inc({ endpoint: request.endpoint });
        const untilMs = failure.waitMs === null ? 0 : failure.waitMs - this.clock.nowMs();
        if (untilMs > 0 && !(await this.rest(Math.min(untilMs, LONGEST_WAIT_MS), request.signal))) return STOPPED;
      }
      const restMs = retryPauseMs(RETRY, Math.max(1, failures + empty), this.scheduler);
      if (!(await this.rest(restMs, request.signal))) return STOPPED;
    }
  }

  private async rest(ms: number, signal: AbortSignal): Promise<boolean> {
    try {
      await pause(ms, this.scheduler, signal);
      return true;
    } catch {
      return false;
    }
  }
}

const STOPPED: PageRead = { kind: 'failed', error: 'stopped' };

interface Failure {
  readonly kind: ProviderFailure;
  readonly text: string;
  /** until then nobody is asked, our clock, unix ms; null when nobody said so */
  readonly waitMs: number | null;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof ProviderError)) throw error;
  const { failure, message, retryAtMs } = error;
  // a limit, an open breaker and a full budget are no attempts: nothing was asked, or nothing was refused for good
  const isWait = failure === 'limit' || failure === 'open' || failure === 'budget';
  return { kind: failure, text: `${error.code}: ${message}`, waitMs: isWait ? (retryAtMs ?? 0) : null };
}
