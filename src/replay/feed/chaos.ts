import type { Random } from '../../kernel/seeded-random.js';
import type { FrameBatch } from './interleave.js';
import type { MatchFrame } from './match-frame.js';

const DUPLICATE_AT_ONCE = 0.1;
const DUPLICATE_LATER = 0.1;
const LATE_FRAME = 0.12;
const LATE_FRAMES_AFTER_ALL = 40;

interface SeenMatch {
  newest: MatchFrame;
  /** frames with a score, of every phase the match has left or is in */
  readonly scored: MatchFrame[];
}

/**
 * Adds what a feed without guarantees adds: exact copies of a match's newest frame (at once, or after frames of other
 * matches) and exact copies of frames of an earlier period, also after the match and after all matches. The frames of
 * one period are never reordered: without a provider time nobody could put them right.
 */
export function* withChaos(batches: Iterable<FrameBatch>, random: Random): Generator<FrameBatch> {
  const seen = new Map<string, SeenMatch>();
  let due: { matchId: string; after: number }[] = [];
  let at = 0;
  for (const batch of batches) {
    yield batch;
    at = batch.at;
    for (const frame of batch.frames) remember(seen, frame);
    const [frame] = batch.frames;
    if (frame && random.chance(DUPLICATE_AT_ONCE)) yield* copyOf(seen.get(frame.matchId)?.newest, at);
    if (frame && random.chance(DUPLICATE_LATER)) due.push({ matchId: frame.matchId, after: random.integer(2, 12) });
    due = due.map((copy) => ({ ...copy, after: copy.after - 1 }));
    for (const { matchId } of due.filter(({ after }) => after <= 0)) yield* copyOf(seen.get(matchId)?.newest, at);
    due = due.filter(({ after }) => after > 0);
    if (random.chance(LATE_FRAME)) yield* copyOf(lateFrame(seen, random), at);
  }
  for (let sent = 0; sent < LATE_FRAMES_AFTER_ALL; sent++) yield* copyOf(lateFrame(seen, random), at);
}

function remember(seen: Map<string, SeenMatch>, frame: MatchFrame): void {
  const match = seen.get(frame.matchId) ?? { newest: frame, scored: [] };
  match.newest = frame;
  if (frame.score) match.scored.push(frame);
  seen.set(frame.matchId, match);
}

/** A frame of a period that its match has left. */
function lateFrame(seen: ReadonlyMap<string, SeenMatch>, random: Random): MatchFrame | undefined {
  const match = random.pick([...seen.values()]);
  return random.pick(match?.scored.filter((frame) => frame.phase < match.newest.phase) ?? []);
}

function* copyOf(frame: MatchFrame | undefined, at: number): Generator<FrameBatch> {
  if (frame) yield { at, frames: [frame] };
}
