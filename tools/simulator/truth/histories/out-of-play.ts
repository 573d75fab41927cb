import { MatchStatus } from '../../../../src/domain/match-status.js';
import type { Slots } from '../../../../src/domain/score.js';
import type { History } from './history.js';

const awarded = (goals: number): Slots => [goals, 0, 0, 0, 0, 0, 0];
const NOTHING = awarded(0);

/** Matches that were not played as planned. */
export const OUT_OF_PLAY: readonly History[] = [
  {
    name: 'abandoned and resumed',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(15);
      m.say({ status: MatchStatus.Interrupted });
      m.wait(20 * 60, 40 * 60);
      m.say({ status: MatchStatus.SecondHalf });
      m.play(30);
      m.end();
    },
  },
  {
    name: 'abandoned and resumed with a new kick-off',
    tell: (m) => {
      m.firstHalf(25);
      m.say({ status: MatchStatus.Interrupted });
      m.wait(150 * 60, 200 * 60);
      m.begin(MatchStatus.FirstHalf);
      m.play(20);
      m.halfTime();
      m.secondHalf();
      m.end();
    },
  },
  {
    name: 'cut in half and resumed',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(20);
      m.say({ status: MatchStatus.Abandoned });
      m.wait(20 * 60, 40 * 60);
      m.say({ status: MatchStatus.SecondHalf });
      m.play(25);
      m.end();
    },
  },
  {
    name: 'abandoned and awarded',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(25);
      m.say({ status: MatchStatus.Abandoned });
      m.wait(60 * 60, 90 * 60);
      m.say({ status: MatchStatus.Ended, home: awarded(0), away: awarded(3) });
    },
  },
  {
    name: 'awarded with P',
    tell: (m) => {
      m.regularTime();
      m.goal('home');
      m.end();
      m.wait(45 * 60, 90 * 60);
      m.say({ home: awarded(0), away: awarded(3), stamped: true });
    },
  },
  {
    name: 'awarded without P',
    tell: (m) => {
      m.regularTime();
      m.goal('home');
      m.end();
      m.wait(45 * 60, 90 * 60);
      m.say({ home: awarded(0), away: awarded(3) });
    },
  },
  {
    name: 'cancelled, then played',
    tell: (m) => {
      m.say({ status: MatchStatus.Cancelled });
      m.wait(20 * 60, 60 * 60);
      m.say({ status: MatchStatus.NotStarted });
      m.wait(10 * 60);
      m.regularTime();
      m.end();
    },
  },
  {
    name: 'replayed from the start',
    tell: (m) => {
      m.firstHalf(25);
      m.goal('home');
      m.say({ status: MatchStatus.Interrupted });
      m.wait(60 * 60, 90 * 60);
      m.say({ status: MatchStatus.NotStarted, home: NOTHING, away: NOTHING, kickoffS: 0 });
      m.wait(15 * 60);
      m.regularTime();
      m.end();
    },
  },
  {
    name: 'replayed at once',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(10);
      m.say({ status: MatchStatus.ToBeDetermined });
      m.wait(60 * 60, 90 * 60);
      m.say({ home: NOTHING, away: NOTHING, status: MatchStatus.FirstHalf, kickoffS: m.nowS });
      m.play(45);
      m.halfTime();
      m.secondHalf();
      m.end();
    },
  },
  {
    name: 'postponed',
    tell: (m) => {
      m.wait(5 * 60);
      m.say({ status: MatchStatus.Delayed });
      m.wait(30 * 60);
      m.say({ status: MatchStatus.ToBeDetermined });
    },
  },
  {
    name: 'walkover',
    tell: (m) => {
      m.wait(10 * 60, 30 * 60);
      m.say({ status: MatchStatus.Ended, home: awarded(3), away: NOTHING });
    },
  },
];
