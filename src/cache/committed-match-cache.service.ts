import { Injectable, Logger, Optional } from '@nestjs/common';
import type { Committed, ScoreCommitted } from '../contracts/committed-changes.js';
import { MatchTimes, STANDARD_TIMES } from '../contracts/match-times.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { BoundedCache } from './bounded-cache.js';
import { ResolvedMatchCacheOptions } from './cache.options.js';
import { feedScoreKey, LIVE_MATCHES_KEY, matchKey, matchViewKey } from './cache-keys.js';
import { cachedFeedScoreOf, cachedMatchOf } from './cached-match.js';
import { NewestVersions } from './newest-versions.js';
import { SingleFlight } from './single-flight.js';

const EXTRA_KEYS_PER_CHANGE = 100;

type Entry = readonly [key: string, value: object];

/** Brings the cache up to the committed state: newest state per match written through, lists and views deleted. */
@Injectable()
export class CommittedMatchCache {
  private readonly keyErrors = new SampledWarning(
    new Logger(CommittedMatchCache.name),
    'The host option "extraKeys" of MatchCacheModule threw',
  );

  constructor(
    private readonly cache: BoundedCache,
    private readonly fills: SingleFlight,
    private readonly versions: NewestVersions,
    private readonly metrics: LiveScoreMetrics,
    private readonly options: ResolvedMatchCacheOptions,
    @Optional() private readonly times: MatchTimes = STANDARD_TIMES,
  ) {}

  /**
   * Takes changes in commit order. Loads that are under way are cut off from the cache before this returns.
   * @returns undefined when there is nothing to wait for: no cache, or it is away; else settles, without ever
   * rejecting, when the cache is up to date or `timeoutMs` is over
   */
  afterCommit(changes: readonly Committed[]): Promise<void> | undefined {
    if (!this.cache.isPresent && this.fills.areNone) return undefined;
    const newest = new Map<string, ScoreCommitted>();
    const outdated = new Set<string>();
    for (const change of changes) {
      for (const key of this.extraKeysOf(change)) outdated.add(key);
      if (change.kind === 'incidents') continue;
      if (change.kind === 'score') newest.set(change.matchId, change);
      outdated.add(LIVE_MATCHES_KEY);
      outdated.add(matchViewKey(change.matchId));
    }
    const storing = this.fills.invalidate(outdated);
    if (!this.cache.isPresent || (newest.size === 0 && outdated.size === 0)) return undefined;
    for (const { matchId, epoch, version } of newest.values()) this.versions.note(matchId, epoch, version);
    const keys = [...outdated];
    for (const matchId of newest.keys()) keys.push(matchKey(matchId), feedScoreKey(matchId));
    if (!this.cache.isReady) {
      this.metrics.cacheErrors.inc();
      this.cache.stale.add(keys);
      return undefined;
    }
    return this.bringUpToDate(keys, outdated, newest, storing);
  }

  /**
   * Forgets matches that another process committed. Loads that are under way are cut off from the cache before this returns.
   * Keys of the host (`extraKeys`) are cleared by the process that commits.
   * @returns as `afterCommit`
   */
  afterOthers(matchIds: readonly string[]): Promise<void> | undefined {
    if (matchIds.length === 0 || (!this.cache.isPresent && this.fills.areNone)) return undefined;
    const outdated = new Set([LIVE_MATCHES_KEY, ...matchIds.flatMap((id) => [matchKey(id), matchViewKey(id)])]);
    const storing = this.fills.invalidate(outdated);
    if (!this.cache.isPresent) return undefined;
    if (!this.cache.isReady) {
      this.cache.stale.add([...outdated]);
      return undefined;
    }
    return this.bringUpToDate([...outdated], outdated, new Map(), storing);
  }

  private async bringUpToDate(
    keys: readonly string[],
    outdated: ReadonlySet<string>,
    newest: ReadonlyMap<string, ScoreCommitted>,
    storing: readonly Promise<unknown>[],
  ): Promise<void> {
    const result = await this.cache.write(keys, async (store, isAbandoned) => {
      await Promise.all(storing);
      if (isAbandoned()) return;
      await Promise.all([
        ...[...outdated].map((key) => store.del(key)),
        ...[...newest.values()]
          .flatMap((change) => this.entriesOf(change))
          .map(([key, value]) => store.set(key, value, this.options.matchTtlMs)),
      ]);
    });
    if (result === 'skipped') this.cache.stale.add(keys);
  }

  private entriesOf(change: ScoreCommitted): Entry[] {
    const entries: Entry[] = [[matchKey(change.matchId), cachedMatchOf(change, this.times)]];
    if (this.options.legacyScoreKey) entries.push([feedScoreKey(change.matchId), cachedFeedScoreOf(change)]);
    return entries;
  }

  private extraKeysOf(change: Committed): readonly string[] {
    try {
      return this.options.extraKeys(change).slice(0, EXTRA_KEYS_PER_CHANGE);
    } catch (error) {
      this.keyErrors.warn({ error: error instanceof Error ? error.message : String(error) });
      return [];
    }
  }
}
