import type { Phase } from '../phase.js';

const AWAY = { shortMs: 1_500, fullMs: 5_000 };

/** Those who only serve cannot ask the database; the bus still tells them. */
export const databaseAway: Phase = {
  name: 'database-away',
  about: 'gateway and standby cannot reach the database for some seconds; with Redis they stay current',
  isShort: true,
  async strike({ world, isShort, pass, current }) {
    const holder = await world.holder();
    const cutOff = world.seats.filter((seat) => seat !== holder);
    for (const { statements } of cutOff) await statements.refuse();
    await pass(isShort ? AWAY.shortMs : AWAY.fullMs);
    if (world.redis) await current('by the bus alone');
    for (const { statements } of cutOff) await statements.open();
    await current('with the database again');
  },
};

/** Those who only serve hear nothing at all, and find out what they missed. */
export const allAway: Phase = {
  name: 'all-away',
  about: 'gateway and standby reach neither the database nor Redis for some seconds',
  isShort: false,
  needsRedis: true,
  async strike({ world, pass, current }) {
    const holder = await world.holder();
    const cutOff = world.seats.filter((seat) => seat !== holder);
    for (const { statements, bus } of cutOff) {
      await statements.refuse();
      await bus?.refuse();
    }
    await pass(AWAY.fullMs);
    for (const { statements, bus } of cutOff) {
      await bus?.open();
      await pass(200);
      await statements.open();
    }
    await current('with both again');
  },
};
