import type { ChangeFrame } from '../../src/broadcast/ports/match-frames.js';
import type { Told } from '../../src/broadcast/ports/told.js';
import { MatchStatus } from '../../src/domain/match-status.js';

export interface ToldSketch {
  readonly matchId?: string;
  readonly epoch?: number;
  readonly version: number;
  /** so many characters more */
  readonly padding?: number;
}

/** A goal, as the process that committed it tells others. */
export function toldGoal({ matchId = 'm1', epoch = 1, version, padding = 0 }: ToldSketch): Told {
  const position = { epoch, version };
  return {
    matchId,
    frames: [],
    version: {
      previous: { epoch, version: version - 1 },
      position,
      state: {
        matchId,
        position: `${epoch}.${version}`,
        statusId: MatchStatus.FirstHalf,
        homeScore: version,
        awayScore: 0,
        scores: { home: [version, 0, 0, 0, -1, 0, 0], away: [0, 0, 0, 0, -1, 0, 0] },
        kickoffs: { firstHalf: 1_700_000_000, secondHalf: null, overtime: null },
        source: `mqtt${'x'.repeat(padding)}`,
        receivedAt: 1_700_000_100_000,
      },
      clock: {
        period: 'first-half',
        startedAt: 1_700_000_000,
        baseSeconds: 0,
        normalSeconds: 2_700,
        addedAnnouncedMinutes: null,
        running: true,
        estimated: false,
      },
      events: [
        { type: 'goal', side: 'home', homeScore: version, awayScore: 0, time: 7, playerId: 'p1', playerName: 'Ömer' },
      ],
      committedAt: 1_700_000_100_001,
    },
  };
}

/** The same as a client of protocol 2 reads it. */
export function changeFrame(sketch: ToldSketch): ChangeFrame {
  const { version } = toldGoal(sketch);
  if (!version) throw new Error('A goal has a version');
  const { state, clock, events, committedAt, previous } = version;
  return {
    type: 'CHANGE',
    ...state,
    previous: `${previous.epoch}.${previous.version}`,
    clock,
    events,
    committedAt,
    timestamp: 1_700_000_100_002,
  };
}
