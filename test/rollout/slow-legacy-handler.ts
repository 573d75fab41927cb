import { LegacyFeedHandler } from '../../src/legacy-bridge/ports/legacy-feed-handler.js';

/** A host's message handler that is slow or throws on request. */
export class SlowLegacyHandler extends LegacyFeedHandler {
  readonly got: string[] = [];
  takesMs = 0;
  throws = false;
  /** waits on virtual time */
  wait: (ms: number) => Promise<void> = async () => {};

  override async handle(_topic: string, payload: Buffer): Promise<void> {
    this.got.push(payload.toString());
    if (this.throws) throw new Error('The handler was told to throw');
    if (this.takesMs > 0) await this.wait(this.takesMs);
  }
}
