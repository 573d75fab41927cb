import { Injectable, Logger, Optional } from '@nestjs/common';
import type { MatchUpdate } from '../../domain/match-update.js';
import { Clock } from '../../kernel/clock.js';
import { until } from '../../kernel/deadline.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { BrokerBackpressure, NO_BROKER } from '../../mqtt-ingest/ports/broker-backpressure.js';
import { ProviderClock, UNMEASURED } from '../../provider/ports/provider-clock.js';
import type { ListAnswer } from '../../provider/ports/provider-lists.js';
import type { JobRun } from '../job-run.js';
import { ExtraEntities } from '../ports/extra-entities.js';
import type { StoredFixture, StoredFixtureField } from '../ports/fixture-store.js';
import { FixtureSaver } from './fixture-saver.js';
import { saysOtherwise, toUpdate } from './list-score.js';
import { isRefused, type MatchEntry, readEntry } from './match-entry.js';
import { PulledUpdates } from './pulled-updates.js';
import { UnknownMatches } from './unknown-matches.js';

const ROWS_PER_STATEMENT = 200;
/** The provider's clock and ours are never further apart than that. */
const CLOCK_MARGIN_S = 300;
const BACKLOG = { everyMs: 1_000, waitMs: 30_000 };

/** What was made of one page. */
export interface PageTaken {
  /** newest `updated_at` of its entries, unix seconds; null without one */
  readonly newestS: number | null;
  /** false: some of it has to come again */
  readonly isWhole: boolean;
}

/** Takes pages of lists of fixtures: first the rows of the matches, then what the page says of scores, as the guard sees fit. */
@Injectable()
export class MatchIntake {
  private readonly logger = new Logger(MatchIntake.name);
  private readonly refusals = new SampledWarning(this.logger, 'Part of a match could not be taken from a list');
  private readonly extraFailures = new SampledWarning(this.logger, 'Teams or competitions of a list were not stored');

  constructor(
    private readonly saver: FixtureSaver,
    private readonly pulled: PulledUpdates,
    private readonly unknown: UnknownMatches,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Optional() private readonly providerClock: ProviderClock = UNMEASURED,
    @Optional() private readonly backlog: BrokerBackpressure = NO_BROKER,
    @Optional() private readonly extra?: ExtraEntities,
  ) {}

  /** Provider's clock at one moment of ours, unix seconds. */
  providerTimeS(atMs: number): number {
    return Math.floor((atMs + this.providerClock.skewMs) / 1000);
  }

  /** What the table takes. @throws the driver's error */
  fields(): Promise<readonly StoredFixtureField[]> {
    return this.saver.fields();
  }

  /**
   * @param takes leaves out entries that are not wanted
   * @throws the driver's error, or the reason of the run's signal
   */
  async take(
    answer: ListAnswer,
    fields: readonly StoredFixtureField[],
    run: JobRun,
    takes: (entry: MatchEntry) => boolean = () => true,
  ): Promise<PageTaken> {
    const entries = this.read(answer, fields, run);
    const newestS = entries.reduce<number | null>((newest, { fixture: { updatedAtS } }) => {
      return updatedAtS !== null && updatedAtS > (newest ?? 0) ? updatedAtS : newest;
    }, null);
    const wanted = entries.filter(takes);
    await this.offerExtra(answer);
    // entries of which none can be understood are no list of matches
    let isWhole = entries.length > 0;
    for (let from = 0; from < wanted.length; from += ROWS_PER_STATEMENT) {
      const part = wanted.slice(from, from + ROWS_PER_STATEMENT);
      if (!(await this.takePart(part, fields, answer.requestedAtMs, run))) isWhole = false;
    }
    return { newestS, isWhole };
  }

  private read({ items, refused, requestedAtMs }: ListAnswer, fields: readonly StoredFixtureField[], run: JobRun) {
    const entries = new Map<string, MatchEntry>();
    const latestS = this.providerTimeS(requestedAtMs) + CLOCK_MARGIN_S;
    run.counts.seen += (items?.length ?? 0) + refused;
    run.counts.refused += refused;
    for (const item of items ?? []) {
      const entry = readEntry(item, fields, latestS);
      const reasons = isRefused(entry) ? [entry.reason] : entry.refused;
      run.counts.refused += reasons.length;
      if (reasons.length > 0) this.refusals.warn({ job: run.job, id: item.id, reasons });
      if (isRefused(entry)) continue;
      const before = entries.get(entry.fixture.matchId);
      if (!before || (before.fixture.updatedAtS ?? 0) <= (entry.fixture.updatedAtS ?? 0))
        entries.set(entry.fixture.matchId, entry);
    }
    return [...entries.values()];
  }

  private async takePart(
    entries: readonly MatchEntry[],
    fields: readonly StoredFixtureField[],
    requestedAtMs: number,
    run: JobRun,
  ): Promise<boolean> {
    run.signal.throwIfAborted();
    const stored = await this.saver.save(
      fields,
      entries.map(({ fixture }) => fixture),
      run,
    );
    const byId = new Map(entries.map((entry) => [entry.fixture.matchId, entry]));
    const receivedAtMs = this.clock.nowMs();
    const updates = stored.flatMap((row): MatchUpdate[] => {
      const entry = byId.get(row.matchId);
      if (!entry?.score || !(saysOtherwise(entry, row) || this.isAwaited(row))) return [];
      return [toUpdate(row.matchId, entry.score, entry.fixture.updatedAtS, { requestedAtMs, receivedAtMs })];
    });
    const isWhole = stored.every(({ fate }) => fate !== 'busy');
    return (await this.submit(updates, run)) && isWhole;
  }

  /** The feed spoke of the match before it had a row: what it said is judged as soon as somebody mentions the match. */
  private isAwaited({ matchId, fate }: StoredFixture): boolean {
    return fate === 'added' && this.unknown.found(matchId);
  }

  /** What the broker holds back is older than this answer: it would look like goals taken back. */
  private async submit(updates: readonly MatchUpdate[], { signal }: JobRun): Promise<boolean> {
    if (updates.length === 0) return true;
    const isOver = await until(() => this.backlog.isOver || signal.aborted, BACKLOG, this.scheduler);
    signal.throwIfAborted();
    return isOver && (await this.pulled.submit(updates, signal)).isSettled;
  }

  /** A team without its name is no reason to lose a match. */
  private async offerExtra({ extra }: ListAnswer): Promise<void> {
    if (!this.extra) return;
    for (const entity of ['team', 'competition'] as const) {
      const items = extra.get(entity) ?? [];
      try {
        if (items.length > 0) await this.extra.offer(entity, items);
      } catch (error) {
        this.extraFailures.warn({ entity, error: String(error) });
      }
    }
  }
}
