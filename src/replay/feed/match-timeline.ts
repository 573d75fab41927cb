import type { Side } from '../../domain/match-event.js';
import { MatchStatus } from '../../domain/match-status.js';
import { Random } from '../../kernel/seeded-random.js';
import type { Goal, Pair, Period } from '../tournament/tournament.js';
import { KICKOFF_MINUTES, type MatchPhase, phasesOf } from './match-phase.js';
import type { MatchPlan } from './match-plan.js';

/** Something that happens in a match and shows in the feed. */
export type Happening =
  | { readonly kind: 'phase-begins' }
  | { readonly kind: 'goal'; readonly goal: Goal }
  | { readonly kind: 'corner' | 'yellow-card' | 'red-card' | 'substitution' | 'kick-scored'; readonly side: Side }
  | { readonly kind: 'statistics' | 'commentary' };

export interface MatchMoment {
  /** minutes after the first kick-off */
  readonly at: number;
  /** index into the phases of the match */
  readonly phase: number;
  readonly happening: Happening;
}

export interface MatchTimeline {
  readonly phases: readonly MatchPhase[];
  /** in order of time, never out of the order of phases */
  readonly moments: readonly MatchMoment[];
}

const STATUS_OF: Record<Period, MatchStatus> = {
  'first-half': MatchStatus.FirstHalf,
  'second-half': MatchStatus.SecondHalf,
  'extra-time': MatchStatus.ExtraTime,
};
const PERIOD_BEGIN: Record<Period, readonly [kickoff: number, minute: number]> = {
  'first-half': [KICKOFF_MINUTES.firstHalf, 0],
  'second-half': [KICKOFF_MINUTES.secondHalf, 45],
  'extra-time': [KICKOFF_MINUTES.overtime, 90],
};

/** Lays the goals, and the counts of the plan at random moments, over the phases of the match. */
export function timelineOf(plan: MatchPlan): MatchTimeline {
  const random = Random.of(plan.seed, 'timeline', plan.match.index);
  const phases = phasesOf(plan.match, random.chance(0.5));
  const moments = [
    ...phases.map((phase, index): MatchMoment => moment(phase.begin, index, { kind: 'phase-begins' })),
    ...plan.match.goals.map((goal) => goalMoment(goal, phases)),
    ...countMoments(plan, phases, random),
    ...kickMoments(plan.match.shootout, phases),
  ];
  return { phases, moments: moments.sort((a, b) => a.phase - b.phase || a.at - b.at) };
}

/** A goal long into stoppage time stays inside its phase: the order is what counts. */
function goalMoment(goal: Goal, phases: readonly MatchPhase[]): MatchMoment {
  const index = phases.findIndex(({ status }) => status === STATUS_OF[goal.period]);
  const [kickoff, minute] = PERIOD_BEGIN[goal.period];
  const at = kickoff + goal.minute + goal.offset - minute - 0.5;
  return moment(Math.min(at, phases[index]?.end ?? at), index, { kind: 'goal', goal });
}

function countMoments(plan: MatchPlan, phases: readonly MatchPhase[], random: Random): MatchMoment[] {
  const played = [...phases.keys()].filter((index) => isPlayed(phases[index]));
  const somewhere = (happening: Happening): MatchMoment => {
    const index = random.pick(played) ?? 0;
    const phase = phases[index];
    return moment((phase?.begin ?? 0) + 0.5 + random.next() * 44, index, happening);
  };
  const perSide = (kind: 'corner' | 'yellow-card' | 'red-card' | 'substitution', counts: Pair): MatchMoment[] =>
    sides(counts).map((side) => somewhere({ kind, side }));
  return [
    ...perSide('corner', plan.corners),
    ...perSide('yellow-card', plan.yellowCards),
    ...perSide('red-card', plan.redCards),
    ...perSide('substitution', plan.substitutions),
    ...Array.from({ length: 6 }, () => somewhere({ kind: 'statistics' })),
    ...Array.from({ length: 4 }, () => somewhere({ kind: 'commentary' })),
  ];
}

function isPlayed(phase: MatchPhase | undefined): boolean {
  return phase?.status === MatchStatus.FirstHalf || phase?.status === MatchStatus.SecondHalf;
}

/** The teams take turns; who scores fewer misses the last kicks. */
function kickMoments(shootout: Pair | null, phases: readonly MatchPhase[]): MatchMoment[] {
  if (!shootout) return [];
  const index = phases.findIndex(({ status }) => status === MatchStatus.Shootout);
  const begin = phases[index]?.begin ?? 0;
  return sides(shootout)
    .map((side, nth, all) => ({ side, turn: all.slice(0, nth).filter((other) => other === side).length }))
    .map(({ side, turn }) =>
      moment(begin + 1 + 2 * turn + (side === 'home' ? 0 : 1), index, { kind: 'kick-scored', side }),
    );
}

function sides([home, away]: Pair): Side[] {
  return [...Array.from({ length: home }, (): Side => 'home'), ...Array.from({ length: away }, (): Side => 'away')];
}

function moment(at: number, phase: number, happening: Happening): MatchMoment {
  return { at, phase, happening };
}
