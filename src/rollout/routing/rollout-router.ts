import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { type MatchRoute, MatchRouter } from '../../contracts/match-router.js';
import type { Receipt, UpdateSink } from '../../contracts/update-sink.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import type { Outcome } from '../../domain/outcome.js';
import { LEFT_TO_LEGACY, ONLY_COMPARED, SUPERSEDED } from '../../domain/outcomes.js';
import { rolloutBucket } from '../../domain/rollout-bucket.js';
import { Accounting, type InFlight } from '../../kernel/accounting.js';
import { within } from '../../kernel/deadline.js';
import { Lifecycle } from '../../kernel/lifecycle.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { OutcomeCounter } from '../../kernel/outcome-counter.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { LegacyPath } from '../../legacy-bridge/ports/legacy-path.js';
import { MatchStates } from '../../score-writer/ports/match-states.js';
import { ShadowSink } from '../ports/shadow-sink.js';
import { ResolvedRolloutOptions } from '../rollout.options.js';
import { HeldUpdates } from './held-updates.js';
import { MatchPath, MatchPaths } from './match-paths.js';
import { RolloutState } from './rollout-state.service.js';

/** A release keeps to its time by itself; nothing is held for longer whatever becomes of it. */
const RELEASE_GRACE_MS = 500;

/**
 * Sends every update down the path its match is on. One path at a time writes a match:
 *
 * *on a path* → (the rollout says another one) → *leaving*: what arrives is held, in order; the path it leaves writes
 * what it has, for `moveTimeoutMs` at most → *on the path the rollout says by then*, where what was held goes first.
 * Legacy and shadow are one path, with and without the comparison: between them nothing is held.
 *
 * All matches that a change moves leave at once, each by itself.
 */
@Injectable()
export class RolloutRouter
  extends MatchRouter
  implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly logger = new Logger('Rollout');
  private readonly shadowFailures = new SampledWarning(this.logger, 'The comparison of the paths threw');
  private readonly places = new MatchPaths();
  private readonly leaving = new Map<MatchPath, Promise<void>>();
  private readonly counters;
  private readonly life = new Lifecycle();

  constructor(
    private readonly options: ResolvedRolloutOptions,
    private readonly state: RolloutState,
    private readonly states: MatchStates,
    private readonly outbox: LegacyPath,
    private readonly fates: OutcomeCounter,
    private readonly metrics: LiveScoreMetrics,
    private readonly scheduler: Scheduler,
    accounting: Accounting,
    @Optional() private readonly shadow?: ShadowSink,
  ) {
    super();
    const { updatesRouted } = metrics;
    this.counters = {
      legacy: updatesRouted.labels('legacy'),
      shadow: updatesRouted.labels('shadow'),
      direct: updatesRouted.labels('direct'),
    };
    accounting.register(() => this.inFlight());
  }

  override get active(): boolean {
    return this.state.active;
  }

  override routeOf(matchId: string): MatchRoute {
    return this.state.routeOf(matchId, this.places.find(matchId)?.bucket);
  }

  override isMoving(matchId: string): boolean {
    return Boolean(this.places.find(matchId)?.held);
  }

  override submit(updates: readonly MatchUpdate[], receipt: Receipt | undefined, direct: UpdateSink): void {
    for (const { matchId } of updates) {
      const { route, held } = this.placeOf(matchId);
      if (route === 'direct' && !held) continue;
      this.distribute(updates, receipt, direct);
      return;
    }
    direct.submit(updates, receipt);
    this.counters.direct.inc(updates.length);
  }

  onModuleInit(): void {
    this.life.start(() => this.state.changes$.subscribe(() => this.review()));
    if (!this.outbox.bound) {
      this.logger.warn('No LegacyScorePath is provided: updates of matches on the legacy path go nowhere from here');
    }
  }

  /** Nobody is left between two paths. */
  async beforeApplicationShutdown(): Promise<void> {
    while (this.leaving.size > 0) await Promise.all(this.leaving.values());
    this.outbox.tellAll();
  }

  onApplicationShutdown(): void {
    this.life.stop();
  }

  private placeOf(matchId: string): MatchPath {
    return this.places.find(matchId) ?? this.firstHeardOf(matchId);
  }

  private firstHeardOf(matchId: string): MatchPath {
    const bucket = rolloutBucket(matchId);
    return this.places.add(new MatchPath(matchId, this.state.routeOf(matchId, bucket), bucket));
  }

  /** A message about several paths: the direct ones first, the others after them. */
  private distribute(updates: readonly MatchUpdate[], receipt: Receipt | undefined, direct: UpdateSink): void {
    const own: MatchUpdate[] = [];
    const others: [MatchUpdate, MatchRoute][] = [];
    for (const update of updates) {
      const { route, held } = this.placeOf(update.matchId);
      if (held) this.hold(held, update, receipt, direct);
      else if (route === 'direct') own.push(update);
      else others.push([update, route]);
    }
    if (own.length > 0) direct.submit(own, receipt);
    this.counters.direct.inc(own.length);
    for (const [update, route] of others) this.leaveToLegacy(update, route, receipt);
  }

  private hold(held: HeldUpdates, update: MatchUpdate, receipt: Receipt | undefined, direct: UpdateSink): void {
    const overtaken = held.add({ update, receipt, direct });
    if (overtaken) this.conclude(overtaken.update, SUPERSEDED, overtaken.receipt);
  }

  private leaveToLegacy(update: MatchUpdate, route: MatchRoute, receipt: Receipt | undefined): void {
    // the legacy path never got anything but fresh frames, and cannot tell an old one
    if (update.source === 'mqtt' && update.delivery === 'push' && !receipt?.waited) this.outbox.add(update);
    this.counters[route].inc();
    if (route === 'shadow') this.compare((shadow) => shadow.observe(update));
    this.conclude(update, route === 'shadow' ? ONLY_COMPARED : LEFT_TO_LEGACY, receipt);
  }

  private conclude(update: MatchUpdate, outcome: Outcome, receipt: Receipt | undefined): void {
    this.fates.count(outcome);
    try {
      receipt?.concluded(update, outcome);
    } catch (error) {
      this.logger.error('A receipt failed', { matchId: update.matchId, error });
    }
  }

  private compare(tell: (shadow: ShadowSink) => void): void {
    if (!this.shadow) return;
    try {
      tell(this.shadow);
    } catch (error) {
      this.shadowFailures.warn({ error: String(error) });
    }
  }

  /** The routes may be others than before. */
  private review(): void {
    let moving = 0;
    for (const place of this.places.all()) if (this.reviewed(place)) moving++;
    // forgotten here, but the writer still knows them
    for (const matchId of this.states.held()) {
      if (this.places.find(matchId)) continue;
      if (this.reviewed(this.places.add(new MatchPath(matchId, 'direct')))) moving++;
    }
    if (moving > 0) this.logger.log('Matches change path', { matches: moving, stage: this.state.stage });
  }

  /** @returns whether it leaves its path */
  private reviewed(place: MatchPath): boolean {
    const to = this.state.routeOf(place.matchId, place.bucket);
    if (place.held || to === place.route) return false;
    if (to === 'direct' || place.route === 'direct') {
      this.leave(place);
      return true;
    }
    this.enter(place, to);
    return false;
  }

  private leave(place: MatchPath): void {
    place.held = new HeldUpdates();
    const left = this.finish(place).then((complete) => {
      this.leaving.delete(place);
      this.arrive(place, complete);
    });
    this.leaving.set(place, left);
  }

  /** @returns whether the path it leaves has written everything */
  private async finish({ matchId, route }: MatchPath): Promise<boolean> {
    const { moveTimeoutMs } = this.options;
    try {
      if (route !== 'direct') return await this.outbox.written();
      const released = this.states.release(matchId, moveTimeoutMs);
      return (await within(released, moveTimeoutMs + RELEASE_GRACE_MS, this.scheduler)) ?? false;
    } catch (error) {
      this.logger.error('A match left its path unfinished', { matchId, route, error });
      return false;
    }
  }

  private arrive(place: MatchPath, complete: boolean): void {
    const held = place.held?.all() ?? [];
    place.held = null;
    this.enter(place, this.state.routeOf(place.matchId, place.bucket));
    this.metrics.matchesMoved.inc({ to: place.route, result: complete ? 'complete' : 'cut-short' });
    if (!complete) {
      this.logger.warn('A match changed path before the other one had finished', {
        matchId: place.matchId,
        to: place.route,
      });
    }
    for (const { update, receipt, direct } of held) this.submit([update], receipt, direct);
  }

  private enter(place: MatchPath, route: MatchRoute): void {
    if (place.route === 'shadow' && route !== 'shadow') this.compare((shadow) => shadow.forget(place.matchId));
    place.route = route;
  }

  private inFlight(): InFlight {
    let count = 0;
    let oldestAtMs: number | null = null;
    for (const { held } of this.leaving.keys()) {
      for (const { update } of held?.all() ?? []) {
        count++;
        oldestAtMs = Math.min(oldestAtMs ?? update.receivedAtMs, update.receivedAtMs);
      }
    }
    return { count, oldestAtMs };
  }
}
