import type { History } from './history.js';

/** The feed says nothing for a while. */
export const GAPS: readonly History[] = [
  {
    name: 'gap in the second half',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(5);
      m.unheard(() => m.play(m.between(20, 30)));
      m.play(12);
      m.end();
    },
  },
  {
    name: 'gap over half-time',
    tell: (m) => {
      m.firstHalf(30);
      m.unheard(() => {
        m.play(15);
        m.halfTime();
        m.secondHalf(5);
      });
      m.play(42);
      m.end();
    },
  },
  {
    name: 'gap over the last minutes',
    tell: (m) => {
      m.firstHalf();
      m.halfTime();
      m.secondHalf(25);
      m.unheard(() => m.play(22));
      m.end();
    },
  },
];
