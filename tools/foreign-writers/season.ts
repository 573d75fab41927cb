import { join } from 'node:path';
import { packageRoot } from '../../examples/host/package-root.js';
import type { ScoreUpdate } from '../../src/domain/decide.js';
import { NO_CORNER_DATA, NO_SCORE, type Slots } from '../../src/domain/score.js';
import type { KickoffTimes } from '../../src/replay/feed/kickoff-times.js';
import { matchFrames } from '../../src/replay/feed/match-frames.js';
import { KICKOFF_MINUTES } from '../../src/replay/feed/match-phase.js';
import { planMatch } from '../../src/replay/feed/match-plan.js';
import { readTournament } from '../../src/replay/index.js';
import { type ExpectedRow, expectedRow } from '../../src/replay/verify/expected-row.js';

export const START_S = 1_768_662_000;
/** Matches begin within so many seconds. */
const SPREAD_S = 15 * 60;
const MINUTE_S = 60;

/** What is true of a match at one moment. */
export interface Truth {
  readonly atS: number;
  readonly status: number;
  readonly home: Slots;
  readonly away: Slots;
  readonly kickoffs: readonly [number | null, number | null, number | null];
}

/** A match with everything that the provider sends, in order of time. */
export interface Story {
  readonly matchId: string;
  readonly startS: number;
  /** does the feed speak of it, or do the programs of the platform alone? */
  readonly isFed: boolean;
  readonly frames: readonly ScoreUpdate[];
  /** oldest first */
  readonly truths: readonly Truth[];
  readonly expected: ExpectedRow;
}

/** The matches of a tournament, those with extra time again and again until there are enough, every other
 * one of fewer matches than a tournament has; the feed is silent about the last ones. */
export async function season(seed: number, fed: number, unfed: number): Promise<readonly Story[]> {
  const { matches } = await readTournament(join(packageRoot(), 'examples', 'data', 'worldcup-2022.json'));
  const long = matches.filter(({ afterExtraTime }) => afterExtraTime);
  const short = matches.filter(({ afterExtraTime }) => !afterExtraTime);
  return Array.from({ length: fed + unfed }, (_, n) => {
    const isAgain = n >= matches.length || (fed < matches.length && n % 2 === 1);
    const match = n >= fed ? short[n % short.length] : isAgain ? long[n % long.length] : matches[n];
    if (!match) throw new Error('The tournament has no such match');
    const startS = START_S + ((n * 7_919 + seed) % SPREAD_S);
    const kickoffs: KickoffTimes = {
      firstHalf: startS + KICKOFF_MINUTES.firstHalf * MINUTE_S,
      secondHalf: startS + KICKOFF_MINUTES.secondHalf * MINUTE_S,
      overtime: startS + KICKOFF_MINUTES.overtime * MINUTE_S,
    };
    const plan = planMatch({ ...match, index: n }, seed);
    const matchId = `m${String(n).padStart(3, '0')}`;
    const frames = matchFrames(plan, matchId, kickoffs).flatMap(({ at, score }): ScoreUpdate[] => {
      if (!score) return [];
      const { status, home, away, kickoffS } = score;
      const receivedAtMs = Math.round((startS + at * MINUTE_S) * 1000);
      const report = { status, home, away, periodKickoffS: kickoffS || null };
      const none = { requestedAtMs: null, providerTimeS: null };
      return [{ matchId, source: 'mqtt', delivery: 'push', receivedAtMs, ...none, score: report }];
    });
    return {
      matchId,
      startS,
      isFed: n < fed,
      frames,
      truths: truthsOf(frames, kickoffs),
      expected: expectedRow(plan, kickoffs),
    };
  });
}

function truthsOf(frames: readonly ScoreUpdate[], times: KickoffTimes): readonly Truth[] {
  let [home, away]: [Slots, Slots] = [NO_SCORE, NO_SCORE];
  return frames.map(({ receivedAtMs, score }) => {
    home = withCorners(score.home, home);
    away = withCorners(score.away, away);
    const { status } = score;
    const atS = receivedAtMs / 1000;
    const begun = (kickoffS: number) => (status > 1 && atS >= kickoffS ? kickoffS : null);
    const kickoffs = [
      begun(times.firstHalf),
      begun(times.secondHalf),
      isLong(home, away, status) ? begun(times.overtime) : null,
    ];
    return { atS, status, home, away, kickoffs: kickoffs as unknown as Truth['kickoffs'] };
  });
}

const isLong = (home: Slots, away: Slots, status: number) => status === 5 || status === 7 || home[5] + away[5] > 0;

function withCorners(slots: Slots, known: Slots): Slots {
  return slots[4] === NO_CORNER_DATA ? [slots[0], slots[1], slots[2], slots[3], known[4], slots[5], slots[6]] : slots;
}

/** What the provider's REST API says at this moment: the newest truth of that age; null before the first. */
export function truthAt({ truths }: Story, atS: number): Truth | null {
  return truths.findLast((truth) => truth.atS <= atS) ?? null;
}
