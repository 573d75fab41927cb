import { EventEmitter, once } from 'node:events';

interface Shipment {
  readonly sentAtMs: number;
  missing: number;
}

/** From publishing a payload to the arrival of the last of its scores on the screen. Repeated frames count once. */
export class Stopwatch {
  readonly latenciesMs: number[] = [];
  /** of each single score */
  readonly scoreLatenciesMs: number[] = [];
  private readonly waiting = new Map<string, Shipment>();
  private readonly events = new EventEmitter();

  start(keys: readonly string[]): void {
    const shipment = { sentAtMs: performance.now(), missing: keys.length };
    for (const key of keys) this.waiting.set(key, shipment);
  }

  stop(key: string): void {
    const shipment = this.waiting.get(key);
    if (!shipment) return;
    this.waiting.delete(key);
    const latencyMs = performance.now() - shipment.sentAtMs;
    this.scoreLatenciesMs.push(latencyMs);
    if (--shipment.missing === 0) this.latenciesMs.push(latencyMs);
    if (this.waiting.size === 0) this.events.emit('empty');
  }

  /** @returns how many scores never came */
  async missingAfter(timeoutMs: number): Promise<number> {
    if (this.waiting.size > 0) {
      await once(this.events, 'empty', { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
    }
    return this.waiting.size;
  }
}
