import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { ProcessFacts } from '../facts.js';
import { rounded } from './measured.js';

const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;
const BYTES_PER_MB = 1_048_576;
const PERCENT = 100;

/** What this process costs: memory now, processor and event loop since the last point. */
export class ProcessLoad {
  private readonly delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private cpu = process.cpuUsage();
  private takenAtMs = performance.now();
  private last: Pick<ProcessFacts, 'loopP99Ms' | 'cpuPercent'> = { loopP99Ms: null, cpuPercent: null };

  start(): void {
    this.delay.enable();
  }

  stop(): void {
    this.delay.disable();
  }

  /** Measured since the last call. */
  take(): Pick<ProcessFacts, 'loopP99Ms' | 'cpuPercent'> {
    const nowMs = performance.now();
    const { user, system } = process.cpuUsage(this.cpu);
    const spentMs = (user + system) / 1_000;
    const p99Ms = this.delay.percentile(99) / NS_PER_MS - RESOLUTION_MS;
    this.last = {
      loopP99Ms: rounded(Math.max(0, p99Ms)),
      cpuPercent: rounded((spentMs / Math.max(1, nowMs - this.takenAtMs)) * PERCENT),
    };
    this.cpu = process.cpuUsage();
    this.takenAtMs = nowMs;
    this.delay.reset();
    return this.last;
  }

  get facts(): ProcessFacts {
    const { rss, heapUsed, heapTotal } = process.memoryUsage();
    const megabytes = (bytes: number) => Math.round((bytes / BYTES_PER_MB) * 10) / 10;
    return { rssMb: megabytes(rss), heapUsedMb: megabytes(heapUsed), heapTotalMb: megabytes(heapTotal), ...this.last };
  }
}
