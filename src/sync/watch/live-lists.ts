import { Injectable, Optional } from '@nestjs/common';
import type { LiveGap, LiveGapFacts } from '../../contracts/health-facts.js';
import { MatchRouter } from '../../contracts/match-router.js';
import { WriteFence } from '../../contracts/write-fence.js';
import { Clock } from '../../kernel/clock.js';

/** A list of the provider is compared with rows that are read this much later at most. */
const SAME_TIME_MS = 60_000;
/** The watchdog compares every 30 s: what is older says nothing of now. */
const LASTS_MS = 120_000;

/**
 * The live matches of both sides: the provider's list as the job `live` had it last, and the rows as the watchdog reads them. They
 * are compared match by match each time the watchdog looks, which reads no row while every match is on the legacy path. Only the
 * process that takes the feed knows; another one forgets.
 */
@Injectable()
export class LiveLists {
  private listed: { readonly ids: ReadonlySet<string>; readonly atMs: number } | null = null;
  private compared: { readonly gap: LiveGap; readonly atMs: number } | null = null;

  constructor(
    private readonly right: WriteFence,
    private readonly clock: Clock,
    @Optional() private readonly router?: MatchRouter,
  ) {
    right.lost$.subscribe(() => {
      this.listed = null;
      this.compared = null;
    });
  }

  /** The provider lists these as live. */
  provider(matchIds: readonly string[]): void {
    this.listed = { ids: new Set(matchIds), atMs: this.clock.nowMs() };
  }

  /** These are live by their rows. */
  rows(matchIds: readonly string[]): void {
    const atMs = this.clock.nowMs();
    const { listed } = this;
    if (!listed || atMs - listed.atMs > SAME_TIME_MS) return;
    const live = new Set(matchIds);
    const gap = {
      provider: listed.ids.size,
      rows: live.size,
      onlyProvider: countOutside(listed.ids, live),
      onlyRows: countOutside(live, listed.ids),
    };
    this.compared = { gap, atMs };
  }

  /** What is known now, in a process that compares. */
  facts(): LiveGapFacts {
    if (this.router?.active === false) return { state: 'off', gap: null };
    if (!this.right.granted) return { state: 'standby', gap: null };
    const { compared } = this;
    const isOfNow = compared !== null && this.clock.nowMs() - compared.atMs <= LASTS_MS;
    return isOfNow ? { state: 'known', gap: compared.gap } : { state: 'unknown', gap: null };
  }
}

function countOutside(ids: ReadonlySet<string>, others: ReadonlySet<string>): number {
  let count = 0;
  for (const id of ids) if (!others.has(id)) count += 1;
  return count;
}
