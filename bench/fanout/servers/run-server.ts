import { setTimeout as pause } from 'node:timers/promises';
import { answerParent } from '../answer-parent.js';
import { sharedNowMs } from '../shared-clock.js';

/** A server under measurement, as its process starts it. */
export interface BroadcastServer {
  readonly port: number;
  /** What is sent from now on, where the server makes no frames of its own. */
  useFrame?(text: string): void;
  /** Sends one frame to every client. */
  broadcast(): void;
  close(): Promise<unknown>;
}

export interface Broadcasts {
  readonly turns: number;
  readonly framesPerTurn: number;
  /** from one turn to the next; 0: as fast as turns of the event loop go */
  readonly everyMs: number;
}

export type ServerCalls = {
  port(_: object): number;
  useFrame(frame: { readonly text: string }): void;
  /** when each frame was given to the server, shared clock */
  broadcast(plan: Broadcasts): Promise<readonly number[]>;
  /** CPU of the process since the last broadcast began, milliseconds */
  costMs(_: object): number;
  /** CPU of the process since it started, milliseconds */
  cpuMs(_: object): number;
  /** resident memory, KB */
  rssKB(how: { readonly collect: boolean }): Promise<number>;
};

const SETTLE_MS = 200;
/** On any port of loopback. Thousands who come at once wait in this queue: whom it has no room for tries again a second later. */
export const ENDPOINT = { host: '127.0.0.1', port: 0, backlog: 4_096 };

/** The side of the bench inside a server's process. */
export function runServer(server: BroadcastServer, more: object = {}): void {
  let begun = process.cpuUsage();
  const spentMs = (since?: NodeJS.CpuUsage) => {
    const { user, system } = process.cpuUsage(since);
    return (user + system) / 1_000;
  };
  const calls = {
    port: () => server.port,
    useFrame: ({ text }: { readonly text: string }) => server.useFrame?.(text),
    broadcast: (plan: Broadcasts) => {
      begun = process.cpuUsage();
      return broadcast(server, plan);
    },
    costMs: () => spentMs(begun),
    cpuMs: () => spentMs(),
    rssKB,
  };
  answerParent({ ...calls, ...more }, () => server.close());
}

async function broadcast(server: BroadcastServer, { turns, framesPerTurn, everyMs }: Broadcasts): Promise<number[]> {
  const sentAtMs: number[] = [];
  const startedAtMs = sharedNowMs();
  for (let turn = 0; turn < turns; turn++) {
    if (everyMs === 0) await new Promise((resolve) => setImmediate(resolve));
    else await pause(Math.max(0, startedAtMs + turn * everyMs - sharedNowMs()));
    for (let frame = 0; frame < framesPerTurn; frame++) {
      sentAtMs.push(sharedNowMs());
      server.broadcast();
    }
  }
  return sentAtMs;
}

async function rssKB({ collect }: { readonly collect: boolean }): Promise<number> {
  if (collect) {
    for (let turn = 0; turn < 2; turn++) {
      globalThis.gc?.();
      await pause(SETTLE_MS);
    }
  }
  return process.memoryUsage.rss() / 1_024;
}
