import { percentile } from '../statistics.js';

/** From the broadcast call to the arrival at a client, of all frames and all clients. */
export interface Latencies {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** of each frame: to the client that got it last */
  readonly lastMs: readonly number[];
  /** from the first call to the last arrival */
  readonly spanMs: number;
}

/** When each frame came to each client: a table that grows with nothing. */
export class Arrivals {
  private readonly atMs: Float64Array;
  arrived = 0;

  constructor(
    private readonly clients: number,
    private readonly frames: number,
  ) {
    this.atMs = new Float64Array(clients * frames);
  }

  get missing(): number {
    return this.clients * this.frames - this.arrived;
  }

  /** @returns false for a frame that nobody expected */
  add(client: number, frame: number, atMs: number): boolean {
    if (client >= this.clients || frame >= this.frames) return false;
    this.atMs[frame * this.clients + client] = atMs;
    this.arrived += 1;
    return true;
  }

  /** @param sentAtMs of each frame; frames that never came do not count */
  latencies(sentAtMs: readonly number[]): Latencies {
    const all: number[] = [];
    const lastMs: number[] = [];
    let lastAtMs = 0;
    for (let frame = 0; frame < this.frames; frame++) {
      const row = this.atMs.subarray(frame * this.clients, (frame + 1) * this.clients).filter((atMs) => atMs > 0);
      const last = row.reduce((most, atMs) => Math.max(most, atMs), 0);
      lastAtMs = Math.max(lastAtMs, last);
      lastMs.push(last - sentAtMs[frame]!);
      for (const atMs of row) all.push(atMs - sentAtMs[frame]!);
    }
    const ascending = Float64Array.from(all).sort();
    const [p50Ms, p99Ms] = [percentile(ascending, 0.5) ?? 0, percentile(ascending, 0.99) ?? 0];
    return { p50Ms, p99Ms, lastMs, spanMs: lastAtMs - (sentAtMs[0] ?? 0) };
  }
}
