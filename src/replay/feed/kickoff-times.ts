import { KICKOFF_MINUTES, type KickoffOf } from './match-phase.js';

/** Kick-offs of one match, unix seconds. `overtime` is set for every match; only extra time uses it. */
export type KickoffTimes = Readonly<Record<Exclude<KickoffOf, 'none'>, number>>;

/** How long before its replay a match is said to have begun when it is replayed in no time. */
const HEAD_START_MINUTES = 115;

/**
 * Kick-offs for a match whose replay starts now, at `speed` minutes per minute.
 *
 * A kick-off may not lie in the future, half-time may not shrink and a first half may not be older than two hours: at
 * full speed the whole match is placed into the last 115 minutes, at real speed it begins now.
 */
export function kickoffTimes(startMs: number, speed: number): KickoffTimes {
  const headStart = speed > 1 ? HEAD_START_MINUTES * (1 - 1 / speed) : 0;
  const stretch = speed < 1 ? 1 / speed : 1;
  const at = (minutes: number) => Math.floor(startMs / 1000 + (minutes * stretch - headStart) * 60) - 1;
  return {
    firstHalf: at(KICKOFF_MINUTES.firstHalf),
    secondHalf: at(KICKOFF_MINUTES.secondHalf),
    overtime: at(KICKOFF_MINUTES.overtime),
  };
}
