import { MatchStatus } from '../../../src/domain/match-status.js';
import type { SeededRandom } from '../../../test/support/seeded-random.js';

type Side = 'home' | 'away';

interface Counts {
  goals: number;
  halfTime: number;
  yellow: number;
  corners: number;
}

const PERIOD_S = 45 * 60;
/** what the decoder believes of one side */
const MOST = { goals: 12, yellow: 29, corners: 59 };
const CORNER = 0.15;
const YELLOW = 0.05;

/** One match without end: goals are scored and taken back, so that every frame is a change. */
export class MatchPlay {
  private readonly sides: Record<Side, Counts> = { home: noCounts(), away: noCounts() };
  private frames = 0;
  private status: MatchStatus = MatchStatus.FirstHalf;

  constructor(
    readonly matchId: string,
    private readonly nowS: number,
    private readonly random: SeededRandom,
  ) {}

  /** @returns the score tuple of the next frame, which is none before it */
  next(): readonly unknown[] {
    this.frames += 1;
    if (this.frames > 1) this.play();
    return this.tuple();
  }

  /** The whistle, once for each period: half-time, second half, the end. */
  whistle(status: MatchStatus): readonly unknown[] {
    this.status = status;
    if (status === MatchStatus.HalfTime) for (const side of Object.values(this.sides)) side.halfTime = side.goals;
    return this.tuple();
  }

  private tuple(): readonly unknown[] {
    const { matchId, status, nowS } = this;
    const kickoffS = status >= MatchStatus.SecondHalf ? nowS - PERIOD_S / 2 : nowS - 2 * PERIOD_S;
    return [matchId, status, slotsOf(this.sides.home), slotsOf(this.sides.away), kickoffS];
  }

  private play(): void {
    const side = this.sides[this.random.pick(['home', 'away'] as const)];
    const chance = this.random.next();
    if (chance < CORNER && side.corners < MOST.corners) side.corners += 1;
    else if (chance < CORNER + YELLOW && side.yellow < MOST.yellow) side.yellow += 1;
    else if (side.goals > side.halfTime && (this.random.next() < 0.5 || side.goals >= MOST.goals)) side.goals -= 1;
    else side.goals += 1;
  }
}

function noCounts(): Counts {
  return { goals: 0, halfTime: 0, yellow: 0, corners: 0 };
}

function slotsOf({ goals, halfTime, yellow, corners }: Counts): readonly number[] {
  return [goals, halfTime, 0, yellow, corners, 0, 0];
}
