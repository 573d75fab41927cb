import type { VirtualTime } from '../../tools/simulator/virtual-time.js';

const LISTENER = { alive: true };

/** Lets virtual time pass, with everything that falls due, and whatever waits for it, on the way. */
export async function letPass(time: VirtualTime, ms: number): Promise<void> {
  let over = false;
  time.after(ms, LISTENER, () => {
    over = true;
  });
  await settle();
  while (!over) {
    time.runNext();
    await settle();
  }
}

/** Resolves when every promise that can go on has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
