import { type EnvelopeShape, envelope, shapesFor } from './envelope.js';
import type { MatchFrame } from './match-frame.js';
import type { Random } from './random.js';

/** Gives every message a shape: each possible one in turn, or shuffled. */
export class EnvelopeRotation {
  private messages = 0;

  constructor(
    private readonly random: Random,
    private readonly order: 'in-turn' | 'shuffled',
  ) {}

  /** The JSON text of one message. */
  wrap(frames: readonly MatchFrame[]): string {
    return JSON.stringify(envelope(frames, this.shape(frames), this.messages % 2 === 0 ? 5 : 6));
  }

  private shape(frames: readonly MatchFrame[]): EnvelopeShape {
    const possible = shapesFor(frames);
    const turn = this.order === 'shuffled' ? this.random.integer(0, possible.length - 1) : this.messages;
    this.messages++;
    return possible[turn % possible.length] ?? 'object-array';
  }
}
