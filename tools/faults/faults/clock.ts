import type { Fault } from './fault.js';

const STEP_MS = 5_000;

/** Somebody sets the host's clock, forward and back. */
export const clockStep: Fault = {
  name: 'clock-step',
  about: "the host's clock jumps by 5 s, forward and back, in random order",
  loadS: () => 5,
  async strike(stage, round) {
    const first = round.random.pick([STEP_MS, -STEP_MS]);
    for (const [n, byMs] of [first, -first].entries()) {
      await round.reached(0.2 + n * 0.3 + round.random.next() * 0.2);
      await stage.slot.host.stepClock(byMs);
    }
    round.over();
  },
};
