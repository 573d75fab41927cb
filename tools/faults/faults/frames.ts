import type { Fault } from './fault.js';

/** Nothing breaks but the order and the number of frames. */
export const duplicateAndLate: Fault = {
  name: 'duplicate-and-late',
  about: 'a quarter of the messages repeat the newest of their match, an eighth come from a period that is over',
  shape: { repeats: 0.25, late: 0.125 },
  loadS: () => 4,
  async strike(_stage, round) {
    await round.reached(0.9);
    round.over();
  },
};
