import type { Random } from '../../kernel/seeded-random.js';
import type { MatchFrame } from './match-frame.js';
import type { MatchPlan } from './match-plan.js';

/** Frames that travel in one message. */
export interface FrameBatch {
  /** minutes of match time since the replay began */
  readonly at: number;
  /** in order; several matches, or one */
  readonly frames: readonly MatchFrame[];
}

/** Makes the frames of a match at the moment it begins; `at` as in {@link FrameBatch}. */
export type StartMatch = (plan: MatchPlan, at: number) => readonly MatchFrame[];

interface RunningMatch {
  readonly begin: number;
  readonly frames: readonly MatchFrame[];
  next: number;
}

const SHARED_MESSAGE = 0.2;
const MOST_MATCHES_PER_MESSAGE = 5;
/** Minutes; a frame of status 1 comes one minute before the kick-off. */
const LEAD_MINUTES = 1;

/**
 * Plays up to `atOnce` matches side by side, in the order of their virtual time; the next match begins when one ends.
 * Some messages carry frames of several matches that are due within the same minute.
 */
export function* interleave(
  plans: readonly MatchPlan[],
  atOnce: number,
  start: StartMatch,
  random: Random,
): Generator<FrameBatch> {
  const waiting = [...plans];
  let running: RunningMatch[] = [];
  let at = 0;
  for (;;) {
    while (running.length < atOnce && waiting.length > 0) {
      const plan = waiting.shift();
      const begin = at + LEAD_MINUTES;
      if (plan) running.push({ begin, frames: start(plan, begin), next: 0 });
    }
    running = running.filter((match) => match.next < match.frames.length);
    if (running.length === 0 && waiting.length === 0) return;
    if (running.length === 0) continue;
    const due = [...running].sort((a, b) => dueAt(a) - dueAt(b));
    at = Math.max(at, dueAt(due[0]));
    const together = due.filter((match) => dueAt(match) < at + 1).slice(0, MOST_MATCHES_PER_MESSAGE);
    const count = random.chance(SHARED_MESSAGE) ? together.length : 1;
    yield { at, frames: together.slice(0, count).flatMap(takeFrame) };
  }
}

function dueAt(match: RunningMatch | undefined): number {
  return (match?.begin ?? 0) + (match?.frames[match.next]?.at ?? 0);
}

function takeFrame(match: RunningMatch): MatchFrame[] {
  const frame = match.frames[match.next++];
  return frame ? [frame] : [];
}
