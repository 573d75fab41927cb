import type { Committed } from '../../contracts/committed-changes.js';
import type { PredictionSettledFrame, PredictionUpdatedFrame } from './client-frame.js';

/** Two frames tell of a prediction: it was settled, or its verdict was changed. */
export type PredictionFrame = PredictionSettledFrame | PredictionUpdatedFrame;

/** The audience is everybody who is told what was committed. Port and injection token in one. */
export abstract class Audience {
  /** Tells commits, after them and in their order. Never waits. */
  abstract tell(changes: readonly Committed[]): void;

  /** Tells verdicts about predictions. Never waits. */
  abstract tellPredictions(frames: readonly PredictionFrame[]): void;
}
