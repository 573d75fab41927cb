import type { Seat } from '../parts/seat.js';
import type { Phase, Strike } from '../phase.js';

/** An orderly end: 5 s for what is in flight, 2 s for clients, and a little for the machine. */
const SHUTDOWN_MS = 12_000;
/** longer than the lease lasts */
const SUSPENDED_MS = 4_500;

async function terminate(seat: Seat, { broken }: Strike): Promise<void> {
  const { code, tookMs } = await seat.host.terminate();
  if (code !== 0) broken(`${seat.plan.name} ended with ${code} after SIGTERM`);
  if (tookMs > SHUTDOWN_MS) broken(`${seat.plan.name} took ${tookMs} ms to end`);
}

/** Hosts that do not take the feed end, and come back. */
export const restarts: Phase = {
  name: 'restarts',
  about: 'gateway and standby end by SIGTERM and by SIGKILL, and start again',
  isShort: true,
  async strike(strike) {
    const { world, pass, current, isShort } = strike;
    await terminate(world.gateway, strike);
    await world.gateway.start();
    const standby = await world.standby();
    await standby.host.killNow();
    await pass(500);
    await standby.start();
    if (isShort) return;
    await world.gateway.host.killNow();
    await world.gateway.start();
    await terminate(standby, strike);
    await standby.start();
    await current('after the restarts');
  },
};

/** The holder gives the feed back, and somebody else takes it. */
export const handover: Phase = {
  name: 'handover',
  about: 'the holder of the feed ends by SIGTERM; the standby takes over, and is ended in turn',
  isShort: false,
  async strike(strike) {
    for (let n = 0; n < 2; n++) {
      const holder = await strike.world.holder();
      await terminate(holder, strike);
      await strike.world.holder();
      await strike.current('after a handover');
      await holder.start();
    }
  },
};

/** The holder dies. */
export const takeover: Phase = {
  name: 'takeover',
  about: 'the holder of the feed is killed; the standby takes over when the lease is over',
  isShort: true,
  async strike({ world, pass, current }) {
    const holder = await world.holder();
    await holder.host.killNow();
    await pass(300);
    await world.holder();
    await current('after a takeover');
    await holder.start();
  },
};

/** The holder stops in mid-air with its clients, and wakes up when somebody else has the feed. */
export const sleeper: Phase = {
  name: 'sleeper',
  about: 'the holder of the feed is suspended for longer than its lease, then goes on',
  isShort: false,
  async strike({ world, pass, current }) {
    const sleeping = await world.holder();
    sleeping.host.suspend();
    try {
      await pass(SUSPENDED_MS);
      const others = world.addresses.filter((address) => address !== sleeping.address);
      await current('while a host sleeps', others);
    } finally {
      sleeping.host.resume();
    }
    await current('after it woke up');
  },
};
