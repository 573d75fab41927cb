import type { Fault } from './fault.js';

/** The broker ends in order, keeps its sessions on disk, and comes back. */
export const brokerRestart: Fault = {
  name: 'broker-restart',
  about: 'the broker is stopped for 0.2–1.5 s and started again with its sessions',
  loadS: () => 5,
  async strike(stage, round) {
    const downMs = 200 + round.random.below(1_300);
    await round.reached(0.2 + round.random.next() * 0.5);
    await stage.broker.down();
    await round.pass(downMs);
    await stage.broker.up();
    round.over();
  },
};

/** The connection stays up and carries nothing: only the keepalive can tell. */
export const brokerHalfOpen: Fault = {
  name: 'broker-half-open',
  about:
    'the connection to the broker stays open and carries nothing; every second time new ones do not either, for 2 s (8 s)',
  loadS: (isFull) => (isFull ? 12 : 5),
  async strike(stage, round) {
    const isWholeNetwork = round.nth % 2 === 1 || round.isFull;
    await round.reached(0.15 + round.random.next() * 0.3);
    stage.feed.freeze();
    if (isWholeNetwork) await round.pass(round.isFull ? 8_000 : 2_000);
    stage.feed.thaw();
    round.over();
  },
};
