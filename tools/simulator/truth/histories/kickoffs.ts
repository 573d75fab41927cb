import { MatchStatus } from '../../../../src/domain/match-status.js';
import type { Telling } from '../telling.js';
import type { History } from './history.js';

function toTheEnd(m: Telling): void {
  m.play(35);
  m.halfTime();
  m.secondHalf();
  m.end();
}

/** Kick-offs that were told wrong at first. */
export const KICKOFFS: readonly History[] = [
  {
    name: 'kick-off corrected back',
    tell: (m) => {
      m.firstHalf(10);
      m.say({ kickoffS: m.now.kickoffS - m.between(25, 40) * 60 });
      toTheEnd(m);
    },
  },
  {
    name: 'kick-off corrected forward',
    tell: (m) => {
      m.begin(MatchStatus.FirstHalf);
      m.say({ kickoffS: m.nowS - m.between(25, 40) * 60 });
      m.play(8);
      m.say({ kickoffS: m.nowS - 8 * 60 });
      toTheEnd(m);
    },
  },
  {
    name: 'second kick-off corrected back',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.wait(30 * 60);
      m.secondHalf(5);
      m.say({ kickoffS: m.now.kickoffS - 27 * 60 });
      m.play(25);
      m.end();
    },
  },
  {
    name: 'extra-time kick-off corrected back',
    tell: (m) => {
      m.regularTime();
      m.level();
      m.wait(35 * 60);
      m.extraTime(5);
      m.say({ kickoffS: m.now.kickoffS - 28 * 60 });
      m.play(25);
      m.end();
    },
  },
];
