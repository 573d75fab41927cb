import type { MatchRoute } from '../../contracts/match-router.js';
import { rolloutBucket } from '../../domain/rollout-bucket.js';
import type { HeldUpdates } from './held-updates.js';

const MAX_PLACES = 20_000;

/**
 * The path a match is on: on `route`, or (with `held`) leaving it. What it is on next is decided when it has left.
 */
export class MatchPath {
  readonly bucket: number;
  held: HeldUpdates | null = null;

  constructor(
    readonly matchId: string,
    public route: MatchRoute,
    bucket?: number,
  ) {
    this.bucket = bucket ?? rolloutBucket(matchId);
  }
}

/** The matches heard of lately. Beyond 20,000 the oldest that is not changing path is forgotten. */
export class MatchPaths {
  private readonly byMatch = new Map<string, MatchPath>();

  find(matchId: string): MatchPath | undefined {
    return this.byMatch.get(matchId);
  }

  all(): Iterable<MatchPath> {
    return this.byMatch.values();
  }

  add(place: MatchPath): MatchPath {
    if (this.byMatch.size >= MAX_PLACES) this.makeRoom();
    this.byMatch.set(place.matchId, place);
    return place;
  }

  private makeRoom(): void {
    for (const { matchId, held } of this.byMatch.values()) {
      if (held) continue;
      this.byMatch.delete(matchId);
      return;
    }
  }
}
