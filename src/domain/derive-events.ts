import type { MatchEvent, Side } from './match-event.js';
import type { AnnouncedGoals, MatchState } from './match-state.js';
import { isLive, isOver, MatchStatus } from './match-status.js';
import type { Incident } from './match-update.js';
import { isRestart } from './restart.js';

/** How many goals, and how many cancellations, one commit tells: the last ones. */
const MAX_TOLD = 5;
/** What is learnt later after the end is a correction of the books, not news from the pitch. */
const NEWS_AFTER_END_S = 20 * 60;

const GOAL_INCIDENTS: ReadonlySet<number> = new Set([1, 8, 17]);

/** Goal, penalty scored, own goal: the incidents that tell who scored. */
export function isGoalIncident(incident: Incident): boolean {
  return GOAL_INCIDENTS.has(incident.type);
}

/** Does the change announce a goal, or take one back? */
export function announcesGoals(before: MatchState, after: MatchState): boolean {
  const announced = announcedBefore(before, after);
  const differs = after.announced.home !== announced.home || after.announced.away !== announced.away;
  return differs && !isLearntAfterEnd(before, after);
}

/** A match that begins again begins at 0-0: the goals of the first attempt are not cancelled one by one. */
function announcedBefore(before: MatchState, after: MatchState): AnnouncedGoals {
  const again = isRestart(before.status, before.reached, after.status);
  return again ? { home: 0, away: 0 } : before.announced;
}

/** Of a match never seen in play, or more than 20 minutes after its end: score and state are told, no goal. */
function isLearntAfterEnd(before: MatchState, after: MatchState): boolean {
  if (!isOver(after.status) || isLive(before.status)) return false;
  if (after.reached < MatchStatus.FirstHalf) return true;
  if (!isOver(before.status) || before.statusSinceS === null || after.scoreSourceAtS === null) return false;
  return after.scoreSourceAtS - before.statusSinceS > NEWS_AFTER_END_S;
}

/**
 * The facts of one commit, in the order clients should hear them. Goals and cancellations are counted from what our
 * writer last announced (`before.announced`) to what it has announced then (`after.announced`), one event per goal, also
 * when several were folded into one commit, five at most; the shoot-out never makes a goal. A score that an authority set
 * and that is written again is none of the feed's: it is not announced.
 * @param incidents known goal incidents of the match: they name the scorer and order folded goals
 */
export function deriveEvents(before: MatchState, after: MatchState, incidents: readonly Incident[]): MatchEvent[] {
  return [
    ...stateEvents(before, after),
    ...goalEvents(before, after, incidents),
    ...scoreEvents(before, after),
    ...redCards(before, after),
    ...(after.minute !== null && after.minute !== before.minute
      ? [{ type: 'minute-changed', minute: after.minute } as const]
      : []),
  ];
}

/** What a change by somebody else tells clients: state and score, never a goal. */
export function deriveForeignEvents(before: MatchState, after: MatchState): MatchEvent[] {
  return [...stateEvents(before, after), ...scoreEvents(before, after)];
}

function stateEvents(before: MatchState, after: MatchState): MatchEvent[] {
  if (before.status === after.status) return [];
  const moved: MatchEvent = { type: 'state-changed', from: before.status, to: after.status };
  switch (after.status) {
    case MatchStatus.FirstHalf:
    case MatchStatus.SecondHalf:
    case MatchStatus.ExtraTime:
      return [moved, { type: 'kick-off', period: after.status }];
    case MatchStatus.HalfTime:
      return [moved, { type: 'half-time' }];
    case MatchStatus.Ended:
      return [moved, { type: 'full-time' }];
    default:
      return [moved];
  }
}

/** Kicks of a shoot-out that came with the same commit are later than its goals: they do not count yet. */
function goalEvents(before: MatchState, after: MatchState, incidents: readonly Incident[]): MatchEvent[] {
  if (!announcesGoals(before, after)) return [];
  const announced = announcedBefore(before, after);
  const target = after.announced;
  const shown = (g: AnnouncedGoals) => ({ homeScore: g.home + before.home[6], awayScore: g.away + before.away[6] });
  const cancelled: MatchEvent[] = [];
  const scored: MatchEvent[] = [];
  let now = announced;
  for (const side of ['home', 'away'] as const) {
    while (now[side] > target[side]) {
      const previous = shown(now);
      now = { ...now, [side]: now[side] - 1 };
      cancelled.push({
        type: 'goal-cancelled',
        side,
        ...shown(now),
        previousHomeScore: previous.homeScore,
        previousAwayScore: previous.awayScore,
      });
    }
  }
  while (now.home < target.home || now.away < target.away) {
    const side = nextScorer(now, target, incidents);
    now = { ...now, [side]: now[side] + 1 };
    const incident = incidentAt(now, side, incidents);
    scored.push({
      type: 'goal',
      side,
      ...shown(now),
      time: incident?.time ?? null,
      playerId: incident?.player_id ?? null,
      playerName: incident?.player_name ?? null,
    });
  }
  return [...cancelled.slice(-MAX_TOLD), ...scored.slice(-MAX_TOLD)];
}

/** When both sides scored within one commit, the incidents' running score tells the order; else home first. */
function nextScorer(now: AnnouncedGoals, target: AnnouncedGoals, incidents: readonly Incident[]): Side {
  if (now.home >= target.home) return 'away';
  if (now.away >= target.away) return 'home';
  return incidentAt({ ...now, away: now.away + 1 }, 'away', incidents) ? 'away' : 'home';
}

function incidentAt(score: AnnouncedGoals, side: Side, incidents: readonly Incident[]): Incident | undefined {
  const position = side === 'home' ? 1 : 2;
  return incidents.findLast(
    (i) => isGoalIncident(i) && i.position === position && i.home_score === score.home && i.away_score === score.away,
  );
}

function scoreEvents(before: MatchState, after: MatchState): MatchEvent[] {
  const { home, away } = after.shown;
  if (home === before.shown.home && away === before.shown.away) return [];
  return [{ type: 'score-changed', homeScore: home, awayScore: away }];
}

function redCards(before: MatchState, after: MatchState): MatchEvent[] {
  const events: MatchEvent[] = [];
  if (after.home[2] > before.home[2]) events.push({ type: 'red-card', side: 'home', count: after.home[2] });
  if (after.away[2] > before.away[2]) events.push({ type: 'red-card', side: 'away', count: after.away[2] });
  return events;
}
