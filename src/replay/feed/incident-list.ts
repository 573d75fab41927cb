import type { Side } from '../../domain/match-event.js';
import type { Incident } from '../../domain/match-update.js';
import type { Random } from '../../kernel/seeded-random.js';
import type { GoalKind } from '../tournament/tournament.js';
import { KICKOFF_MINUTES } from './match-phase.js';
import type { MatchMoment } from './match-timeline.js';
import type { RunningScore } from './running-score.js';

const GOAL_TYPE: Record<GoalKind, number> = { goal: 1, penalty: 8, 'own-goal': 17 };
const CARD_TYPE = { 'yellow-card': 3, 'red-card': 4 } as const;
const SHOOTOUT_GOAL = 29;
const SUBSTITUTION = 9;
const ADDED_TIME = 19;

/** The incidents of one match so far: the feed sends the whole list every time. */
export class IncidentList {
  private readonly incidents: Incident[] = [];
  private halvesAdded = 0;

  constructor(
    private readonly matchId: string,
    private readonly random: Random,
  ) {}

  get soFar(): readonly Incident[] {
    return [...this.incidents];
  }

  /** @returns whether the list grew */
  add(moment: MatchMoment, score: RunningScore): boolean {
    const incident = this.incidentOf(moment, score);
    if (incident) this.incidents.push(...this.addedTime(moment.at), incident);
    return incident !== null;
  }

  /** What the referee adds is told with the first incident of the last minutes of a half. */
  private addedTime(at: number): readonly Incident[] {
    const half = at < KICKOFF_MINUTES.secondHalf ? 1 : 2;
    if (at >= KICKOFF_MINUTES.overtime || this.halvesAdded >= half || minuteAt(at) < half * 45 - 2) return [];
    this.halvesAdded = half;
    return [{ type: ADDED_TIME, position: 0, time: 2 + (this.incidents.length % 4) }];
  }

  private incidentOf({ at, happening }: MatchMoment, score: RunningScore): Incident | null {
    const running = { home_score: score.goals('home'), away_score: score.goals('away') };
    switch (happening.kind) {
      case 'goal': {
        const { kind, side, minute, offset, scorer } = happening.goal;
        // Both ways of writing stoppage time occur: 45+2 comes as 45 or as 47.
        const time = offset > 0 && this.random.chance(0.5) ? minute + offset : minute;
        return { type: GOAL_TYPE[kind], position: position(side), time, ...this.player('player', scorer), ...running };
      }
      case 'yellow-card':
      case 'red-card':
        return {
          type: CARD_TYPE[happening.kind],
          position: position(happening.side),
          time: minuteAt(at),
          ...this.player('player'),
        };
      case 'substitution':
        return {
          type: SUBSTITUTION,
          position: position(happening.side),
          time: minuteAt(at),
          ...this.player('in_player'),
          ...this.player('out_player'),
        };
      case 'kick-scored':
        return { type: SHOOTOUT_GOAL, position: position(happening.side), time: 120, ...this.player('player') };
      default:
        return null;
    }
  }

  private player(role: 'player' | 'in_player' | 'out_player', name: string | null = null): Partial<Incident> {
    const number = this.incidents.length + 1;
    return { [`${role}_id`]: `${this.matchId}${role[0]}${number}`, [`${role}_name`]: name ?? `Player ${number}` };
  }
}

function position(side: Side): number {
  return side === 'home' ? 1 : 2;
}

function minuteAt(at: number): number {
  if (at < KICKOFF_MINUTES.secondHalf) return Math.min(45, Math.floor(at) + 1);
  return Math.min(90, 45 + Math.floor(at - KICKOFF_MINUTES.secondHalf) + 1);
}
