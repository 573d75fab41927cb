import type { Fault } from './fault.js';

/** more than Mosquitto keeps for one reader by default: 1,000 and the 20 on their way */
const OVERFLOW = 1_100;

/**
 * A broker as it comes out of the box drops what does not fit while nobody reads. Every second time the host comes
 * back when everything has been said: then only the provider's answer can tell how the matches ended.
 */
export const smallBrokerQueue: Fault = {
  name: 'small-broker-queue',
  about: "Mosquitto's default queue of 1,000 overflows while the host is down, or while the database is",
  queue: 'small',
  perSecond: 400,
  loadS: () => 5,
  async strike(stage, round) {
    const until = round.nth % 2 === 0 ? 0.2 + OVERFLOW / round.plan.messages.length : 1;
    await round.reached(0.15);
    if (round.nth % 3 === 2) {
      await stage.statements.refuse();
      await round.reached(until);
      await round.pass(200);
      await stage.statements.open();
      round.over();
    } else {
      await stage.slot.host.killNow();
      await round.checkAcknowledged('after kill -9');
      await round.reached(until);
      await round.pass(200);
      const started = stage.slot.start();
      round.over();
      await started;
    }
  },
};
