import { type Analysis, analyse } from '../../src/rollout/watch/analysis.js';
import { LONGEST_SLICES, type RolloutSlice, windowOf } from '../../src/rollout/watch/rollout-slice.js';
import { DEFAULT_LIMITS } from '../../src/rollout/watch/rollout-watch.options.js';
import { SeededRandom } from '../support/seeded-random.js';

/** What the direct path is like; shares are 0–1. */
export interface PathQuality {
  readonly p95Ms: number;
  readonly errorShare: number;
  /** rows that turn out to be other than written */
  readonly wrongShare: number;
}

export const HEALTHY: PathQuality = { p95Ms: 20, errorShare: 0.01, wrongShare: 0.0005 };

/** Looked up once: globals are slow where specs run, and these are called millions of times. */
const { ceil, cos, exp, floor, log, min, round, sqrt } = Math;
const TURN = 2 * Math.PI;

/** Of the normal distribution. */
const Z95 = 1.645;
const SIGMA = 0.6;
/** Latencies per slice: enough for a percentile. */
const FAIR_SAMPLE = 100;

/** One rollout in canary, slice by slice, with noise as production has it. */
export class SimulatedRun {
  private readonly random: SeededRandom;
  private readonly meanCommits: number;
  private slices: RolloutSlice[] = [];

  /** @param meanCommits per slice: drawn between these */
  constructor(seed: number, [least, most]: readonly [number, number]) {
    this.random = new SeededRandom(seed);
    this.meanCommits = least * (most / least) ** this.random.next();
  }

  /** @returns what the analysis says after one more slice */
  next(quality: PathQuality): Analysis {
    this.slices = [...this.slices, this.slice(quality)].slice(-LONGEST_SLICES);
    return analyse(windowOf(this.slices, 'canary', DEFAULT_LIMITS), DEFAULT_LIMITS);
  }

  /** A number from 0 to below the limit. */
  below(limit: number): number {
    return this.random.below(limit);
  }

  private slice({ p95Ms, errorShare, wrongShare }: PathQuality): RolloutSlice {
    // goals and cards come in waves
    const writes = round(this.meanCommits * (0.7 + 0.6 * this.random.next()));
    const failed = this.hits(writes, errorShare);
    const commits = writes - failed;
    const different = this.hits(commits, wrongShare);
    return {
      durationMs: 10_000,
      commits,
      failed,
      latenciesMs: this.latencies(min(commits, FAIR_SAMPLE), p95Ms),
      direct: { compared: commits + different, different },
      shadow: { compared: 0, different: 0 },
      feedLagMs: this.random.next() * 50,
      stuckMatches: 0,
      poolUse: 0.1 + 0.2 * this.random.next(),
      shared: null,
    };
  }

  private hits(tries: number, share: number): number {
    let hits = 0;
    for (let n = this.misses(share); n < tries; n += 1 + this.misses(share)) hits++;
    return hits;
  }

  /** Before the next hit. */
  private misses(share: number): number {
    return floor(log(1 - this.random.next()) / log(1 - share));
  }

  /** Log-normal; now and then a burst around 80 ms: a checkpoint, a collection. */
  private latencies(count: number, p95Ms: number): number[] {
    const median = p95Ms / exp(Z95 * SIGMA);
    const burst = this.random.next() < 0.1 ? ceil(count * 0.1) : 0;
    return Array.from({ length: count }, (_, n) =>
      n < burst ? 60 + 40 * this.random.next() : median * exp(SIGMA * this.normal()),
    );
  }

  private normal(): number {
    return sqrt(-2 * log(1 - this.random.next())) * cos(TURN * this.random.next());
  }
}
