import type { Phase } from '../phase.js';

/** Every host starts anew and is told of no Redis: standby and gateway live by the journal alone, through a takeover, too. */
export const withoutRedis: Phase = {
  name: 'without-redis',
  about: 'all hosts start again without Redis: standby and gateway live by the journal, also when the holder dies',
  isShort: true,
  async strike({ world, isShort, pass, current }) {
    await Promise.all(world.seats.map(({ host }) => host.terminate()));
    await Promise.all(world.seats.map((seat) => seat.start(false)));
    await world.holder();
    await current('by the journal');
    await pass(isShort ? 500 : 3_000);
    await current('by the journal, a little later');
    const holder = await world.holder();
    await holder.host.killNow();
    await pass(300);
    await world.holder();
    await current('by the journal, after a takeover');
    await holder.start(false);
  },
};
