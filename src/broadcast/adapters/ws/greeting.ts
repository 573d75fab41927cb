import type { Scheduler } from '../../../kernel/scheduler.js';
import { Timer } from '../../../kernel/timer.js';
import type { News } from '../../board/news.js';
import type { ClientFrame } from '../../ports/client-frame.js';
import { jsonFrame } from './ws-frame.js';

/** Frames that another process told again reach those who connect for so long. */
const REPEATED_MS = 60_000;

/**
 * The greeting keeps what those who connect are sent behind their welcome, oldest first; the oldest give way when they are more than
 * `maxBytes`.
 */
export class Greeting {
  private kept: Buffer[] = [];
  private bytes = 0;
  /** matches of which another process told something again */
  private readonly repeated = new Set<string>();
  private readonly end: Timer;

  constructor(
    private readonly maxBytes: number,
    scheduler: Scheduler,
  ) {
    this.end = new Timer(scheduler);
  }

  get messages(): readonly Buffer[] {
    return this.kept;
  }

  add(frames: readonly ClientFrame[]): void {
    for (const frame of frames) this.keep(jsonFrame(frame));
    let dropped = 0;
    while (this.bytes > this.maxBytes) this.bytes -= this.kept[dropped++]?.length ?? this.bytes;
    if (dropped > 0) this.kept = this.kept.slice(dropped);
  }

  /**
   * Another process tells once more what one that died may not have told: those who come over from it are owed it for a minute, and
   * with it what is told of these matches later, which is to have the last word.
   */
  hear(news: readonly News[]): void {
    for (const one of news) {
      // its frames are made when somebody looks at them
      if (one.again && one.origin !== 'here') this.repeat(one.frames);
      else if (this.repeated.size > 0 && !one.heard) {
        this.add(one.frames.filter(({ matchId }) => this.repeated.has(matchId)));
      }
    }
  }

  clear(): void {
    this.end.stop();
    this.repeated.clear();
    this.kept = [];
    this.bytes = 0;
  }

  private repeat(frames: readonly ClientFrame[]): void {
    this.add(frames);
    for (const { matchId } of frames) this.repeated.add(matchId);
    this.end.set(REPEATED_MS, () => this.clear());
  }

  private keep(message: Buffer): void {
    this.kept.push(message);
    this.bytes += message.length;
  }
}
