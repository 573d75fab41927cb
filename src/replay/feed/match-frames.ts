import { MatchStatus } from '../../domain/match-status.js';
import type { Commentary, Statistic } from '../../domain/match-update.js';
import { Random } from '../../kernel/seeded-random.js';
import { IncidentList } from './incident-list.js';
import type { KickoffTimes } from './kickoff-times.js';
import type { MatchFrame } from './match-frame.js';
import type { MatchPhase } from './match-phase.js';
import type { MatchPlan } from './match-plan.js';
import { type MatchMoment, timelineOf } from './match-timeline.js';
import { RunningScore } from './running-score.js';

/** How often a frame lacks corner data (slot -1). Never the last one: it ends the count. */
const WITHOUT_CORNERS = 0.03;

/** Lines as providers write them: words like "night", "Brighton" or "First half ended" say nothing about the status. */
const LINES = [
  'A quiet night so far, both sides keep their shape.',
  'Former Brighton midfielder shoots from the right, saved.',
  'First half ended level on shots.',
  'The ball hits the post!',
  'What a fight for the second ball.',
  'Free kick in a dangerous position.',
] as const;

/** All frames of one match in the order the provider sends them. */
export function matchFrames(plan: MatchPlan, matchId: string, kickoffs: KickoffTimes): readonly MatchFrame[] {
  const { phases, moments } = timelineOf(plan);
  const random = Random.of(plan.seed, 'frames', plan.match.index);
  const score = new RunningScore();
  const incidents = new IncidentList(matchId, random);
  return moments.flatMap((moment): MatchFrame[] => {
    const phase = phases[moment.phase];
    if (!phase) return [];
    if (moment.happening.kind === 'phase-begins') score.enter(phase.status);
    const base = { matchId, at: moment.at, phase: moment.phase };
    const scored = score.apply(moment) ? { score: scoreOf(phase, score, kickoffs, random) } : null;
    const listed = incidents.add(moment, score) ? { incidents: incidents.soFar } : null;
    if (scored && listed) return combine(base, scored, listed, random);
    return [{ ...base, ...scored, ...listed, ...sidePart(moment, score, random) }];
  });
}

/** Score and incident of one event travel together, or the incident follows, or it comes first. */
function combine(
  base: Pick<MatchFrame, 'matchId' | 'at' | 'phase'>,
  scored: Pick<MatchFrame, 'score'>,
  listed: Pick<MatchFrame, 'incidents'>,
  random: Random,
): MatchFrame[] {
  const way = random.next();
  if (way < 0.6) return [{ ...base, ...scored, ...listed }];
  const apart = [
    { ...base, ...scored },
    { ...base, ...listed },
  ];
  return way < 0.8 ? apart : apart.reverse();
}

function scoreOf(phase: MatchPhase, score: RunningScore, kickoffs: KickoffTimes, random: Random) {
  const withoutCorners = phase.status !== MatchStatus.Ended && random.chance(WITHOUT_CORNERS);
  return {
    status: phase.status,
    home: score.slots('home', { withoutCorners }),
    away: score.slots('away', { withoutCorners }),
    kickoffS: phase.kickoff === 'none' ? 0 : kickoffs[phase.kickoff],
  };
}

function sidePart({ at, happening }: MatchMoment, score: RunningScore, random: Random): Partial<MatchFrame> {
  if (happening.kind === 'statistics') return { statistics: statisticsAt(at, score, random) };
  if (happening.kind === 'commentary') return { commentary: commentaryAt(at, random) };
  return {};
}

function commentaryAt(at: number, random: Random): readonly Commentary[] {
  const time = `${Math.floor(at) + 1}'`;
  return [{ time, data: `${time} ${random.pick(LINES)}`, position: random.integer(0, 2) }];
}

function statisticsAt(at: number, score: RunningScore, random: Random): readonly Statistic[] {
  const possession = random.integer(35, 65);
  const grown = (perMinute: number): number => Math.floor(Math.max(0, at) * perMinute * (0.8 + random.next() * 0.4));
  return [
    { type: 25, home: possession, away: 100 - possession },
    { type: 2, home: score.corners('home'), away: score.corners('away') },
    { type: 21, home: grown(0.05) + score.goals('home'), away: grown(0.05) + score.goals('away') },
    { type: 23, home: grown(1), away: grown(1) },
    { type: 24, home: grown(0.5), away: grown(0.5) },
  ];
}
