import { setTimeout as sleep } from 'node:timers/promises';
import type { HostProcess } from '../faults/parts/host-process.js';
import { type ProcessSize, sizeOf } from './process-memory.js';

const EVERY_MS = 500;
const COLLECTIONS = 3;
const BETWEEN_COLLECTIONS_MS = 300;

export interface Sample extends ProcessSize {
  /** since the load began */
  readonly atS: number;
}

interface Health {
  readonly feed: { readonly reconnects: number; readonly delivery: { readonly unacknowledged: number } };
  readonly accounting: { readonly unaccounted: number };
}

/** Looks at the host twice a second, from outside and through its own health route. */
export class HostWatch {
  readonly samples: Sample[] = [];
  /** how long the health route took, ms: a loop that stands still shows here */
  readonly answersMs: number[] = [];
  /** of the host's connection to the broker, as it says itself */
  reconnects = 0;
  /** messages that the host held unacknowledged, at most */
  mostHeld = 0;
  /** the worst of all looks */
  unaccounted = 0;
  private readonly start = performance.now();
  private timer: NodeJS.Timeout | null = null;
  private isAsking = false;
  private failures = 0;

  constructor(private readonly host: HostProcess) {}

  begin(): void {
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  end(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  get elapsedS(): number {
    return (performance.now() - this.start) / 1000;
  }

  /** times the health route did not answer */
  get unanswered(): number {
    return this.failures;
  }

  /**
   * Resident set after full collections, MiB: what is held, without what nobody has collected yet. V8 lets garbage
   * under this load grow for minutes, to three times of what is held: moments in between cannot be compared.
   */
  async collectedMb(): Promise<number> {
    let rssBytes = Number.POSITIVE_INFINITY;
    for (let n = 0; n < COLLECTIONS; n++) {
      rssBytes = Math.min(rssBytes, (await this.host.resources()).rssBytes);
      await sleep(BETWEEN_COLLECTIONS_MS);
    }
    return rssBytes / 2 ** 20;
  }

  private look(): void {
    if (this.host.exited) return;
    this.samples.push({ atS: this.elapsedS, ...sizeOf(this.host.pid) });
    if (!this.isAsking) void this.ask();
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    const sentAt = performance.now();
    try {
      const { feed, accounting } = (await (await this.host.get('/health')).json()) as Health;
      this.answersMs.push(performance.now() - sentAt);
      this.reconnects = Math.max(this.reconnects, feed.reconnects);
      this.mostHeld = Math.max(this.mostHeld, feed.delivery.unacknowledged);
      this.unaccounted = Math.max(this.unaccounted, Math.abs(accounting.unaccounted));
    } catch {
      this.failures += 1;
    } finally {
      this.isAsking = false;
    }
  }
}
