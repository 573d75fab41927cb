import { eventually } from '../../../test/support/eventually.js';
import type { Round } from '../round.js';
import type { Stage } from '../stage.js';
import type { Fault } from './fault.js';

/** The end of an orderly shutdown: 5 s, and a little for the machine. */
const SHUTDOWN_MS = 5_500;
const TAKEOVER_TIMEOUT_MS = 20_000;
const FROZEN_MS = 3_500;
/** long enough for a host that wakes up to do what it was about to */
const AWAKE_MS = 1_000;

/** SIGTERM under load, and a new host: afterwards, or first, as reloads without a gap do it. */
export const sigtermReload: Fault = {
  name: 'sigterm-reload',
  about: 'the host is ended by SIGTERM under load and replaced; it must end by itself with code 0 within 5 s',
  loadS: () => 5,
  async strike(stage, round) {
    await round.reached(0.2 + round.random.next() * 0.4);
    const { code, tookMs } = await stage.slot.host.terminate();
    if (code !== 0) round.broken(`SIGTERM ended the host with code ${code}`);
    if (tookMs > SHUTDOWN_MS) round.broken(`SIGTERM took ${tookMs} ms`);
    await round.checkAcknowledged('after SIGTERM');
    const started = stage.slot.start();
    round.over();
    await started;
  },
};

/** Two hosts, one of which takes the feed: that one dies, or stands still and comes back later. */
export const twoIngesters: Fault = {
  name: 'two-ingesters',
  about:
    'of two hosts the one that takes the feed is killed, or stands still for 3.5 s and wakes up after the takeover',
  hosts: 2,
  loadS: () => 9,
  async strike(stage, round) {
    await round.reached(0.15 + round.random.next() * 0.2);
    if (round.nth % 2 === 0) await killHolder(stage, round);
    else await freezeHolder(stage, round);
  },
};

async function killHolder(stage: Stage, round: Round): Promise<void> {
  const holder = (await stage.holder()) ?? stage.slot;
  const other = takenOverFrom(stage);
  await holder.host.killNow();
  round.over();
  await round.checkAcknowledged('after the holder was killed');
  await other;
  await holder.start();
}

async function freezeHolder(stage: Stage, round: Round): Promise<void> {
  const holder = (await stage.holder()) ?? stage.slot;
  const other = takenOverFrom(stage);
  holder.host.suspend();
  round.over();
  await other;
  await round.pass(FROZEN_MS);
  holder.host.resume();
  await round.pass(AWAKE_MS);
  if ((await stage.holder()) === holder) round.broken('the host that had stood still took the lease back');
}

/** Resolves when the lease has a new term. */
async function takenOverFrom(stage: Stage): Promise<void> {
  const before = (await stage.database.lease())?.fence ?? 0;
  await eventually(async () => ((await stage.database.lease())?.fence ?? 0) > before, {
    what: 'the other host to take over',
    timeoutMs: TAKEOVER_TIMEOUT_MS,
  });
}
