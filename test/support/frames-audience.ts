import { Audience, type PredictionFrame } from '../../src/broadcast/ports/audience.js';
import type { ClientFrame } from '../../src/broadcast/ports/client-frame.js';
import { framesOf } from '../../src/broadcast/ports/client-frames.js';
import type { Committed } from '../../src/contracts/committed-changes.js';

const SENT_AT_MS = 1_768_660_000_000;

/** An audience of clients that say nothing: it takes the frames of the first protocol. */
export abstract class FramesAudience extends Audience {
  /** what leaves together */
  protected abstract take(frames: readonly ClientFrame[]): void;

  override tell(changes: readonly Committed[]): void {
    this.take(changes.flatMap((change) => framesOf(change, SENT_AT_MS)));
  }

  override tellPredictions(frames: readonly PredictionFrame[]): void {
    this.take(frames);
  }
}
