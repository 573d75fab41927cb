import { Injectable, Optional } from '@nestjs/common';
import type { Committed } from '../contracts/committed-changes.js';
import { MatchTimes, STANDARD_TIMES } from '../contracts/match-times.js';
import { Clock } from '../kernel/clock.js';
import { BroadcastBus } from './ports/broadcast-bus.js';
import type { ClientFrame } from './ports/client-frame.js';
import { framesOf } from './ports/client-frames.js';
import { ConnectCatchUp } from './ports/connect-catch-up.js';

/** Tells clients once more what was committed. */
@Injectable()
export class BroadcastService {
  constructor(
    private readonly bus: BroadcastBus,
    private readonly clock: Clock,
    private readonly newcomers: ConnectCatchUp,
    @Optional() private readonly times: MatchTimes = STANDARD_TIMES,
  ) {}

  /**
   * Sends the frames of changes that clients may have heard of before, with their versions: to those connected now,
   * and to each that connects until `stopRepeating`.
   */
  repeat(changes: readonly Committed[]): void {
    const frames = this.framesOf(changes);
    if (frames.length === 0) return;
    this.newcomers.greetWith(frames);
    this.bus.publish(frames);
  }

  /** Clients that connect are sent these, too, after what is repeated: what came later is to have the last word. */
  repeatToNewcomers(changes: readonly Committed[]): void {
    this.newcomers.greetWith(this.framesOf(changes));
  }

  stopRepeating(): void {
    this.newcomers.greetPlainly();
  }

  private framesOf(changes: readonly Committed[]): readonly ClientFrame[] {
    const nowMs = this.clock.nowMs();
    return changes.flatMap((change) => framesOf(change, nowMs, this.times));
  }
}
