import type { Phase } from '../phase.js';

const SLOW_OF_EACH_KIND = 8;

/** Clients come and go, and nothing else happens. */
export const disconnects: Phase = {
  name: 'disconnects',
  about: 'a client is cut off every 60 ms, with or without a word, and comes back to any host',
  isShort: true,
  async strike({ world, pass, current }) {
    await world.crew.disturb(60);
    await pass(2_000);
    await current('among disconnects');
  },
};

/** All clients change the instance at once. */
export const instances: Phase = {
  name: 'instances',
  about: 'all clients leave for one host, then for another one, then for any',
  isShort: false,
  async strike({ world, pass, current }) {
    for (const { address } of world.seats) {
      await world.crew.go([address], { leaveOthers: true });
      await pass(1_500);
      await current(`all on one host`, [address]);
    }
    await world.crew.go(world.addresses);
  },
};

/** Some read nothing for long enough that a host must keep less than everything for them. */
export const slowReaders: Phase = {
  name: 'slow-readers',
  about: 'some clients of each kind read nothing for a few thousand changes, then go on',
  isShort: true,
  async strike({ world, isShort, committed, current }) {
    await world.crew.pause(SLOW_OF_EACH_KIND);
    // systems keep a few megabytes for each connection before a host notices
    await committed(isShort ? 700 : 7_000);
    await world.crew.resume();
    await current('after reading nothing');
  },
};
