import { kickoffTimes } from './feed/kickoff-times.js';
import { KICKOFF_MINUTES } from './feed/match-phase.js';
import { kickoffSpeedOf, type Pace, steadily } from './feed/pace.js';
import { REPLAY_DEFAULTS, type ReplayOptions } from './replay-options.js';

/**
 * Scheduled start of the nth match, unix seconds. Matches are played in turns; how long a turn takes is only known
 * afterwards.
 */
export function plannedStartS(
  pace: Pick<Pace, 'dueMs' | 'kickoffSpeed'>,
  index: number,
  matchesAtOnce: number = REPLAY_DEFAULTS.matchesAtOnce,
): number {
  const turn = Math.floor(index / matchesAtOnce);
  return kickoffTimes(pace.dueMs(turn * KICKOFF_MINUTES.overtime), pace.kickoffSpeed).firstHalf;
}

/** When a replay that begins then will have its matches begin: for a provider that tells the fixtures before. */
export function plannedStarts(
  beginsAtMs: number,
  { speed, clock, matchesAtOnce }: Pick<ReplayOptions, 'speed' | 'clock' | 'matchesAtOnce'> = {},
): (index: number) => number {
  const kickoffSpeed = kickoffSpeedOf(speed ?? REPLAY_DEFAULTS.speed, clock);
  return (index) => plannedStartS({ kickoffSpeed, dueMs: steadily(beginsAtMs, kickoffSpeed) }, index, matchesAtOnce);
}
