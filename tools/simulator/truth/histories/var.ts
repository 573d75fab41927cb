import { MatchStatus } from '../../../../src/domain/match-status.js';
import { SLOT, type Telling } from '../telling.js';
import type { History } from './history.js';

/** The last goal of the match, just before the whistle. */
function lateGoal(m: Telling): 'home' | 'away' {
  m.regularTime();
  const side = m.side();
  m.goal(side);
  m.wait(30, 90);
  return side;
}

/** Goals taken back by the video referee. */
export const VAR: readonly History[] = [
  {
    name: 'VAR in one step',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(20);
      const side = m.side();
      m.goal(side);
      m.wait(60, 240);
      m.takeBack(side);
      m.play(20);
      m.end();
    },
  },
  {
    name: 'VAR in two steps',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(15);
      m.goal('away');
      m.wait(40, 80);
      m.goal('home');
      m.wait(60, 120);
      m.takeBack('home');
      m.wait(20, 90);
      m.takeBack('away');
      m.play(20);
      m.end();
    },
  },
  {
    name: 'VAR there and back in play',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(20);
      const side = m.side();
      m.goal(side);
      m.wait(60, 120);
      m.takeBack(side);
      m.wait(60, 120);
      m.goal(side);
      m.play(15);
      m.end();
    },
  },
  {
    name: 'VAR with the whistle',
    tell: (m) => {
      const side = lateGoal(m);
      const slots = [...m.now[side]] as unknown as [number, number, number, number, number, number, number];
      slots[SLOT.regular] -= 1;
      m.say({ status: MatchStatus.Ended, [side]: slots });
    },
  },
  {
    name: 'VAR before the whistle',
    tell: (m) => {
      const side = lateGoal(m);
      m.takeBack(side);
      m.wait(5, 20);
      m.say({ status: MatchStatus.Ended });
    },
  },
  {
    name: 'VAR after the whistle',
    tell: (m) => {
      const side = lateGoal(m);
      m.end();
      m.wait(40, 180);
      m.takeBack(side);
    },
  },
  {
    name: 'VAR long after the whistle',
    tell: (m) => {
      const side = lateGoal(m);
      m.end();
      m.wait(30 * 60, 60 * 60);
      m.takeBack(side);
    },
  },
  {
    name: 'VAR gives a goal after the whistle',
    tell: (m) => {
      m.regularTime();
      m.end();
      m.wait(40, 180);
      m.goal(m.side());
    },
  },
];
