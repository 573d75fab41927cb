import { MatchStatus } from '../../../../src/domain/match-status.js';
import type { History } from './history.js';

/** Statuses that somebody set too early, or too late, and took back. */
export const FALSE_STATUS: readonly History[] = [
  {
    name: 'false end with corners',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(30);
      m.say({ status: MatchStatus.Ended });
      m.wait(60, 180);
      m.say({ status: MatchStatus.SecondHalf });
      m.wait(90);
      m.corner('home');
      m.wait(120);
      m.corner('away');
      m.play(8);
      m.end();
    },
  },
  {
    name: 'false end without corners',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(40);
      m.say({ status: MatchStatus.Ended });
      m.wait(60, 180);
      m.say({ status: MatchStatus.SecondHalf });
      m.wait(8 * 60);
      m.end();
    },
  },
  {
    name: 'false end, then a goal',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(40);
      m.say({ status: MatchStatus.Ended });
      m.wait(90, 240);
      m.say({ status: MatchStatus.SecondHalf });
      m.wait(60, 180);
      m.goal(m.side());
      m.wait(240);
      m.end();
    },
  },
  {
    name: 'false end of extra time',
    tell: (m) => {
      m.regularTime();
      m.level();
      m.wait(300);
      m.extraTime(15);
      m.say({ status: MatchStatus.Ended });
      m.wait(60, 240);
      m.say({ status: MatchStatus.ExtraTime });
      m.play(15);
      m.end();
    },
  },
  {
    name: 'false second half',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.begin(MatchStatus.SecondHalf);
      const { kickoffS } = m.now;
      m.wait(40, 90);
      m.say({ status: MatchStatus.HalfTime, kickoffS: m.moments[1]?.kickoffS ?? kickoffS });
      m.wait(180);
      m.secondHalf();
      m.end();
    },
  },
  {
    name: 'false second half in the first',
    tell: (m) => {
      m.firstHalf(25);
      const { kickoffS } = m.now;
      m.begin(MatchStatus.SecondHalf);
      m.wait(40, 90);
      m.say({ status: MatchStatus.FirstHalf, kickoffS });
      m.play(20);
      m.halfTime();
      m.secondHalf();
      m.end();
    },
  },
  {
    name: 'false start',
    tell: (m) => {
      m.begin(MatchStatus.FirstHalf);
      m.wait(60, 180);
      m.say({ status: MatchStatus.NotStarted, kickoffS: 0 });
      m.wait(15 * 60, 30 * 60);
      m.regularTime();
      m.end();
    },
  },
  {
    name: 'false start, then delayed',
    tell: (m) => {
      m.begin(MatchStatus.FirstHalf);
      m.wait(60, 180);
      m.say({ status: MatchStatus.Delayed, kickoffS: 0 });
      m.wait(30 * 60, 60 * 60);
      m.regularTime();
      m.end();
    },
  },
  {
    name: 'late status',
    tell: (m) => {
      m.firstHalf();
      m.wait(18 * 60);
      m.goal(m.side());
      m.wait(60, 120);
      m.halfTime();
      m.secondHalf(35);
      m.end();
    },
  },
  {
    name: 'late end',
    tell: (m) => {
      m.regularTime();
      m.wait(20 * 60, 40 * 60);
      m.end();
    },
  },
];
