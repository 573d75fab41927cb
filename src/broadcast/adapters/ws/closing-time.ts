import { pause } from '../../../kernel/deadline.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { WsClient } from './ws-client.js';
import type { Farewell } from './ws-clients.js';

const SLICE_MS = 50;
/** The share of the time in which all are told; the rest is for their answers. */
const SHARE_FOR_TELLING = 0.5;
const LEAST_SLICE = 100;
/** So many clients may come back in a second without being sent away again: they are told to spread over the time that takes. */
const BACK_PER_SECOND = 500;
const LEAST_SPREAD_MS = 500;
const MOST_SPREAD_MS = 30_000;

export interface Closing {
  readonly timeoutMs: number;
  readonly farewell: Farewell;
  /** tells a client of protocol 2 when to come back */
  readonly tell: (client: WsClient, retryAfterMs: number) => void;
  readonly scheduler: Scheduler;
}

/**
 * Says goodbye to the clients slice by slice, so that they do not all come back at once, and waits until all are gone; those
 * that do not answer in time are cut off. Clients of protocol 2 are told when to come back, each another time.
 */
export async function closeInSlices(clients: readonly WsClient[], closing: Closing): Promise<void> {
  if (clients.length === 0) return;
  const { timeoutMs, farewell, tell, scheduler } = closing;
  const gone = Promise.all(clients.map(({ ws }) => new Promise<void>((resolve) => ws.once('close', () => resolve()))));
  const cancel = scheduler.after(timeoutMs, () => {
    for (const { ws } of clients) ws.terminate();
  });
  const slices = Math.max(1, Math.floor((timeoutMs * SHARE_FOR_TELLING) / SLICE_MS));
  const slice = Math.max(LEAST_SLICE, Math.ceil(clients.length / slices));
  const spreadMs = Math.min(MOST_SPREAD_MS, Math.max(LEAST_SPREAD_MS, (clients.length / BACK_PER_SECOND) * 1_000));
  for (let from = 0; from < clients.length; from += slice) {
    if (from > 0) await pause(SLICE_MS, scheduler);
    for (const client of clients.slice(from, from + slice)) {
      if (client.kind === 'live') tell(client, Math.round(scheduler.random() * spreadMs));
      client.close(farewell.code, farewell.reason);
    }
  }
  await gone;
  cancel();
}
