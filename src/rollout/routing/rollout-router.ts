import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { FeedFrame, ReadFrame } from '../../contracts/feed-frame.js';
import { type MatchRoute, MatchRouter } from '../../contracts/match-router.js';
import type { Receipt, UpdateSink } from '../../contracts/update-sink.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import { rolloutBucket } from '../../domain/rollout-bucket.js';
import { Accounting, type InFlight } from '../../kernel/accounting.js';
import { Lifecycle } from '../../kernel/lifecycle.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { escaped } from '../../kernel/printable.js';
import type { LegacyShare } from '../../legacy-bridge/ports/legacy-path.js';
import { HeldUpdates } from './held-updates.js';
import { LegacyRoute } from './legacy-route.js';
import { MatchPath, MatchPaths } from './match-paths.js';
import { PathExits } from './path-exits.js';
import { RolloutState } from './rollout-state.service.js';

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
  private readonly places = new MatchPaths();
  private readonly leaving = new Map<MatchPath, Promise<void>>();
  private readonly counters;
  private readonly life = new Lifecycle();

  constructor(
    private readonly state: RolloutState,
    private readonly exits: PathExits,
    private readonly legacy: LegacyRoute,
    private readonly metrics: LiveScoreMetrics,
    accounting: Accounting,
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

  override arrived(frame: FeedFrame, read: ReadFrame): void {
    const share: LegacyShare = {
      isEverything: !this.state.mayGoDirect && this.leaving.size === 0,
      hasUnnamed: this.state.stage !== 'direct',
      has: (matchId) => this.routeOf(matchId) !== 'direct' && !this.isMoving(matchId),
    };
    this.legacy.arrived(frame, read, share);
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
  }

  /** Nobody is left between two paths. */
  async beforeApplicationShutdown(): Promise<void> {
    while (this.leaving.size > 0) await Promise.all(this.leaving.values());
    this.legacy.tellAll();
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
    const others: [MatchUpdate, 'legacy' | 'shadow'][] = [];
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
    if (overtaken) this.legacy.supersede(overtaken.update, overtaken.receipt);
  }

  private leaveToLegacy(update: MatchUpdate, route: 'legacy' | 'shadow', receipt: Receipt | undefined): void {
    this.counters[route].inc();
    this.legacy.leave(update, route, receipt);
  }

  /** The routes may be others than before. */
  private review(): void {
    let moving = 0;
    for (const place of this.places.all()) if (this.reviewed(place)) moving++;
    // forgotten here, but the writer still knows them
    for (const matchId of this.exits.heldByWriter()) {
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
    const left = this.exits.finish(place).then((complete) => {
      this.leaving.delete(place);
      this.arrive(place, complete);
    });
    this.leaving.set(place, left);
  }

  private arrive(place: MatchPath, complete: boolean): void {
    const held = place.held?.all() ?? [];
    place.held = null;
    this.enter(place, this.state.routeOf(place.matchId, place.bucket));
    this.metrics.matchesMoved.inc({ to: place.route, result: complete ? 'complete' : 'cut-short' });
    if (!complete) {
      this.logger.warn('A match changed path before the other one had finished', {
        matchId: escaped(place.matchId),
        to: place.route,
      });
    }
    for (const { update, receipt, direct } of held) this.submit([update], receipt, direct);
  }

  private enter(place: MatchPath, route: MatchRoute): void {
    if (place.route === 'shadow' && route !== 'shadow') this.legacy.comparesNoMore(place.matchId);
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
