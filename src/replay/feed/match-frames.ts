import { MatchStatus } from '../../domain/match-status.js';
import { IncidentList } from './incident-list.js';
import type { KickoffTimes } from './kickoff-times.js';
import type { MatchFrame } from './match-frame.js';
import type { MatchPhase } from './match-phase.js';
import type { MatchPlan } from './match-plan.js';
import { type MatchMoment, timelineOf } from './match-timeline.js';
import { Random } from './random.js';
import { RunningScore } from './running-score.js';
import { commentaryAt, statisticsAt } from './side-frames.js';

/** How often a frame lacks corner data (slot -1). Never the last one: it ends the count. */
const WITHOUT_CORNERS = 0.03;

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
