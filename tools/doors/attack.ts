import { RawSocket } from '../../test/support/raw-socket.js';

/** One attacker: it goes on until its process ends. */
export type Attack = (address: string) => Promise<unknown>;

let tried = 0;
let restMs = 0;

/** Where attackers rest, a crowd is smaller by this. */
const SMALLER_CROWD = 10;

/** How often somebody connected, or tried to. */
export function tries(): number {
  return tried;
}

/** From now on each attacker of this process rests so long after each try, and crowds are small: a low rate, for a long time. */
export function restBetweenTries(ms: number): void {
  restMs = ms;
}

/** Does it again and again, however it ends. */
export function again(once: Attack): Attack {
  return async (address) => {
    for (;;) {
      tried += 1;
      await once(address).catch(() => pause(20));
      if (restMs > 0) await pause(restMs);
    }
  };
}

/** Node takes one connection in a turn of the event loop: more at the same moment wait in the kernel, whatever the host does. */
const ONE_AFTER_THE_OTHER_MS = 50;

/** So many at the same time, once all are there. */
export function times(count: number, one: Attack, everyMs = ONE_AFTER_THE_OTHER_MS): Attack {
  const start = (address: string, n: number) => pause(n * everyMs).then(() => one(address));
  return (address) => {
    const crowd = restMs > 0 ? Math.ceil(count / SMALLER_CROWD) : count;
    return Promise.all(Array.from({ length: crowd }, (_, n) => start(address, n)));
  };
}

export function ended(client: RawSocket): Promise<void> {
  return new Promise((resolve) => {
    if (client.closed) resolve();
    else client.socket.once('close', () => resolve());
  });
}

/** The server said goodbye, or is gone. */
export function left(client: RawSocket): Promise<void> {
  return new Promise((resolve) => {
    if (client.ended) resolve();
    else client.socket.once('end', () => resolve()).once('close', () => resolve());
  });
}

/** The answer to what was asked at the connection, or the end of it. */
export function answered(client: RawSocket): Promise<void> {
  return Promise.race([left(client), new Promise<void>((resolve) => client.socket.once('data', () => resolve()))]);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
