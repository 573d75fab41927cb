import { Random } from '../../kernel/seeded-random.js';
import { REPLAY_DEFAULTS, type ReplayOptions } from '../replay-options.js';
import type { RunIds } from '../run-identity.js';
import { withChaos } from './chaos.js';
import { EnvelopeRotation } from './envelope.js';
import type { FramePublisher } from './frame-publisher.js';
import { type FrameBatch, interleave } from './interleave.js';
import { type KickoffTimes, kickoffTimes } from './kickoff-times.js';
import type { MatchFrame } from './match-frame.js';
import { matchFrames } from './match-frames.js';
import type { MatchPlan } from './match-plan.js';
import { type Pace, RateLimit } from './pace.js';
import type { PublishTimes } from './publish-times.js';

export interface ReplayedMatch {
  readonly matchId: string;
  readonly plan: MatchPlan;
}

export interface PublishRun {
  readonly options: ReplayOptions;
  readonly ids: RunIds;
  readonly matches: readonly ReplayedMatch[];
  readonly pace: Pace;
  /** receives the kick-offs of each match as it begins */
  readonly kickoffs: Map<string, KickoffTimes>;
  readonly publisher: FramePublisher;
  readonly published: PublishTimes;
  readonly nowMs: () => number;
}

/** @returns the number of frames published */
export async function publishTournament(run: PublishRun): Promise<number> {
  const { options, matches, publisher, published, pace, nowMs } = run;
  const { signal, onProgress, onPublished } = options;
  const seed = options.seed ?? REPLAY_DEFAULTS.seed;
  const rate = new RateLimit(options.rate ?? REPLAY_DEFAULTS.rate);
  const envelopes = new EnvelopeRotation(Random.of(seed, 'envelopes'), options.chaos ? 'shuffled' : 'in-turn');
  let frames = 0;
  const progress = (phase: 'publishing' | 'published') =>
    onProgress?.({ run: run.ids.run, phase, matchesStarted: run.kickoffs.size, matches: matches.length, frames });

  for (const batch of batchesOf(run, seed, () => progress('publishing'))) {
    await pace.waitUntil(batch.at, signal);
    await rate.take(batch.frames.length, signal);
    const payload = envelopes.wrap(batch.frames);
    const atMs = nowMs();
    for (const frame of batch.frames) published.note(frame, atMs);
    await publisher.publish(payload);
    onPublished?.(payload);
    frames += batch.frames.length;
  }
  await publisher.flush();
  progress('published');
  return frames;
}

function batchesOf(run: PublishRun, seed: number, onStart: () => void): Iterable<FrameBatch> {
  const { options, matches, pace, kickoffs } = run;
  const ids = new Map(matches.map(({ plan, matchId }) => [plan, matchId]));
  const start = (plan: MatchPlan, at: number): readonly MatchFrame[] => {
    const matchId = ids.get(plan) ?? '';
    const times = kickoffTimes(pace.dueMs(at), pace.kickoffSpeed);
    kickoffs.set(matchId, times);
    onStart();
    return matchFrames(plan, matchId, times);
  };
  const plans = matches.map(({ plan }) => plan);
  const atOnce = options.matchesAtOnce ?? REPLAY_DEFAULTS.matchesAtOnce;
  const batches = interleave(plans, atOnce, start, Random.of(seed, 'interleave'));
  return options.chaos ? withChaos(batches, Random.of(seed, 'chaos')) : batches;
}
