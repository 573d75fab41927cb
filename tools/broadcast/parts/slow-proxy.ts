import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Link, TcpProxy } from '../../faults/parts/tcp-proxy.js';

/** How a slow network lets bytes pass. */
export interface Slowness {
  /** from the arrival of a chunk until its first byte leaves */
  readonly delayMs: number;
  /** then so many at a time */
  readonly pieceBytes: number;
  readonly pauseMs: number;
}

/** Between a host and Redis: open, slow, silent or gone. */
export class SlowProxy extends TcpProxy {
  slowness: Slowness | null = null;
  private readonly queues = new WeakMap<Socket, Promise<void>>();

  protected override fromClient(link: Link, chunk: Buffer): void {
    this.pass(link, link.server, chunk);
  }

  protected override fromServer(link: Link, chunk: Buffer): void {
    this.pass(link, link.client, chunk);
  }

  /** Chunks of one direction keep their order, also when the slowness ends. */
  private pass(link: Link, to: Socket, chunk: Buffer): void {
    const before = this.queues.get(to);
    if (!this.slowness && !before) {
      to.write(chunk);
      return;
    }
    const arrivedAt = performance.now();
    const passed = (before ?? Promise.resolve()).then(() => this.trickle(link, to, chunk, arrivedAt));
    this.queues.set(to, passed);
    void passed.then(() => {
      if (this.queues.get(to) === passed) this.queues.delete(to);
    });
  }

  private async trickle(link: Link, to: Socket, chunk: Buffer, arrivedAt: number): Promise<void> {
    if (this.slowness) await sleep(Math.max(0, arrivedAt + this.slowness.delayMs - performance.now()));
    for (let at = 0; at < chunk.length && !to.destroyed && !link.frozen; ) {
      const pieceBytes = this.slowness?.pieceBytes ?? chunk.length;
      to.write(chunk.subarray(at, at + pieceBytes));
      at += pieceBytes;
      if (this.slowness && at < chunk.length) await sleep(this.slowness.pauseMs);
    }
  }
}
