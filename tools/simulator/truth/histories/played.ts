import { MatchStatus } from '../../../../src/domain/match-status.js';
import { SLOT } from '../telling.js';
import type { History } from './history.js';

/** Matches that go as matches go. */
export const PLAYED: readonly History[] = [
  {
    name: 'regular',
    tell: (m) => {
      m.regularTime();
      m.end();
    },
  },
  {
    name: 'regular, nothing but goals told',
    tell: (m) => {
      m.begin(MatchStatus.FirstHalf);
      m.wait(46 * 60);
      m.halfTime();
      m.begin(MatchStatus.SecondHalf);
      m.wait(20 * 60, 40 * 60);
      m.goal(m.side());
      m.wait(10 * 60);
      m.end();
    },
  },
  {
    name: 'extra time',
    tell: (m) => {
      m.regularTime();
      m.level();
      m.wait(300);
      m.extraTime();
      m.end();
    },
  },
  {
    name: 'extra time after an end',
    tell: (m) => {
      m.regularTime();
      m.level();
      m.end();
      m.wait(240, 420);
      m.extraTime();
      m.end();
    },
  },
  {
    name: 'extra-time final in slot 0',
    tell: (m) => {
      m.regularTime();
      m.level();
      m.wait(300);
      m.extraTime();
      m.goal(m.side());
      m.wait(120);
      const { home, away } = m.now;
      m.say({
        status: MatchStatus.Ended,
        home: [home[SLOT.extraTime], home[1], home[2], home[3], home[4], 0, 0],
        away: [away[SLOT.extraTime], away[1], away[2], away[3], away[4], 0, 0],
      });
    },
  },
  {
    name: 'shoot-out',
    tell: (m) => {
      m.regularTime();
      m.level();
      m.wait(300);
      m.extraTime();
      m.level();
      m.wait(240);
      m.shootout(['home', 'away', 'home', 'away', 'home', 'home']);
      m.end();
    },
  },
  {
    name: 'shoot-out between ends',
    tell: (m) => {
      m.regularTime();
      m.level();
      m.end();
      m.wait(300);
      m.shootout(['away', 'home', 'away', 'away', 'home', 'away']);
      m.end();
    },
  },
  {
    name: 'lots, level kicks',
    tell: (m) => {
      m.regularTime();
      m.level();
      m.wait(300);
      m.shootout(['home', 'away', 'home', 'away']);
      m.end();
    },
  },
  {
    name: 'lots, no kicks',
    tell: (m) => {
      m.regularTime();
      m.level();
      m.wait(300);
      m.shootout([]);
      m.wait(300);
      m.end();
    },
  },
  {
    name: 'sides swapped',
    tell: (m) => {
      m.firstHalf();
      m.goal('home');
      m.wait(60);
      m.goal('home');
      m.halfTime();
      const { home, away } = m.now;
      m.say({ home: away, away: home });
      m.wait(60);
      m.secondHalf();
      m.end();
    },
  },
];
