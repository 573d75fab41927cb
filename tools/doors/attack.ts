import { RawSocket } from '../../test/support/raw-socket.js';

/** One attacker: it goes on until its process ends. */
export type Attack = (address: string) => Promise<unknown>;

let tried = 0;

/** How often somebody connected, or tried to. */
export function tries(): number {
  return tried;
}

/** Does it again and again, however it ends. */
export function again(once: Attack): Attack {
  return async (address) => {
    for (;;) {
      tried += 1;
      await once(address).catch(() => pause(20));
    }
  };
}

/** Node takes one connection in a turn of the event loop: more at the same moment wait in the kernel, whatever the host does. */
const ONE_AFTER_THE_OTHER_MS = 50;

/** So many at the same time, once all are there. */
export function times(count: number, one: Attack, everyMs = ONE_AFTER_THE_OTHER_MS): Attack {
  const start = (address: string, n: number) => pause(n * everyMs).then(() => one(address));
  return (address) => Promise.all(Array.from({ length: count }, (_, n) => start(address, n)));
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
