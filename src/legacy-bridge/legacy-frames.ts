import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { FeedFrame, ReadFrame } from '../contracts/feed-frame.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { until, within } from '../kernel/deadline.js';
import type { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import type { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import { framePart } from './frame-part.js';
import type { LegacyFeedHandler } from './ports/legacy-feed-handler.js';
import { LegacyPath, type LegacyPathSettings, type LegacyShare } from './ports/legacy-path.js';
import type { WaitingFrame } from './waiting-frame.js';
import { WaitingFrames } from './waiting-frames.js';

const MAX_WAITING = 10_000;
const TURN_MS = 2;
const LOOK_EVERY_MS = 5;
/** How long a frame waits for the host's handler before the broker may forget it. */
const HANDLE_MS = 5_000;

/** A call of the handler that has not ended. */
interface Call {
  readonly matchIds: ReadonlySet<string>;
  readonly ended: Promise<unknown>;
}

/**
 * Frames on their way to the host's own handler, oldest first: in turns of their own, never in the one that took them
 * from the feed, at most 2 ms each. A frame goes as it came where all its matches are on the legacy path, else with
 * those only; what a match sends that is between the paths follows when it has come to the legacy one, behind what it
 * sent before. What the handler
 * throws costs its own frame only. At most 10,000 wait; the oldest gives way.
 */
export class LegacyFrames extends LegacyPath implements OnApplicationShutdown {
  override readonly binding = 'handler';
  private readonly logger = new Logger('LegacyPath');
  private readonly failures = new SampledWarning(this.logger, 'The legacy feed handler threw');
  private readonly delays = new SampledWarning(
    this.logger,
    'The legacy feed handler is late: its frame counts as taken',
  );
  private readonly overflow = new SampledWarning(this.logger, 'Frames for the legacy path dropped: too many wait');
  private readonly waiting = new WaitingFrames();
  private readonly calls = new Set<Call>();
  private readonly timer: Timer;

  constructor(
    private readonly settings: LegacyPathSettings,
    private readonly scheduler: Scheduler,
    private readonly metrics: LiveScoreMetrics,
    private readonly handler: LegacyFeedHandler,
  ) {
    super();
    this.timer = new Timer(scheduler);
  }

  override add({ matchId }: MatchUpdate, frame: FeedFrame | undefined): void {
    if (!frame) return;
    this.waiting.leftToLegacy(frame, matchId);
    this.grown();
  }

  override arrived(frame: FeedFrame, read: ReadFrame, share: LegacyShare): void {
    const mayHold = share.isEverything || read.rejections.length > 0 || this.waiting.has(frame);
    if (!mayHold) return;
    this.waiting.of(frame).arrived(read, share);
    this.grown();
  }

  override async written(matchId: string): Promise<boolean> {
    const untilMs = this.scheduler.monotonicMs() + this.settings.moveTimeoutMs;
    const goal = this.waiting.gone + this.waiting.size;
    const looks = { everyMs: LOOK_EVERY_MS, waitMs: this.settings.moveTimeoutMs };
    if (!(await until(() => this.waiting.gone >= goal, looks, this.scheduler))) return false;
    const calls = [...this.calls].filter(({ matchIds }) => matchIds.has(matchId)).map(({ ended }) => ended);
    if (calls.length === 0) return true;
    const leftMs = Math.max(0, untilMs - this.scheduler.monotonicMs());
    return (await within(Promise.all(calls), leftMs, this.scheduler)) !== null;
  }

  override tellAll(): void {
    this.timer.clear();
    for (const waiting of this.waiting) this.tell(waiting);
  }

  onApplicationShutdown(): void {
    this.tellAll();
  }

  private grown(): void {
    if (this.waiting.size > MAX_WAITING) this.dropOldest();
    if (!this.timer.isSet) this.timer.set(0, () => this.turn());
  }

  private dropOldest(): void {
    const [oldest] = this.waiting;
    if (!oldest) return;
    this.waiting.take(oldest);
    oldest.release();
    this.metrics.legacyDropped.inc({ reason: 'overflow' });
    this.overflow.warn({ limit: MAX_WAITING });
  }

  private turn(): void {
    const untilMs = this.scheduler.monotonicMs() + TURN_MS;
    for (const waiting of this.waiting) {
      this.tell(waiting);
      if (this.scheduler.monotonicMs() >= untilMs) break;
    }
    if (this.waiting.size > 0) this.timer.set(0, () => this.turn());
  }

  private tell(waiting: WaitingFrame): void {
    this.waiting.take(waiting);
    const { frame, matchIds } = waiting;
    const bytes = Buffer.from(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength);
    const payload = waiting.isWhole ? bytes : framePart(bytes, (names) => waiting.keeps(names));
    if (payload === null) {
      waiting.release();
      return;
    }
    const call: Call = { matchIds, ended: this.call(frame.topic, payload) };
    this.calls.add(call);
    void call.ended.then(() => {
      this.calls.delete(call);
      waiting.release();
    });
  }

  /** Never rejects. */
  private async call(topic: string, payload: Buffer): Promise<void> {
    try {
      const handled = Promise.resolve(this.handler.handle(topic, payload)).then(() => 'handled' as const);
      const result = (await within(handled, HANDLE_MS, this.scheduler)) ?? 'late';
      this.metrics.legacyFrames.inc({ result });
      if (result === 'late') this.delays.warn({ topic, afterMs: HANDLE_MS });
    } catch (error) {
      this.metrics.legacyFrames.inc({ result: 'failed' });
      this.failures.warn({ topic, error: String(error) });
    }
  }
}
