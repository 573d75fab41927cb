import type { FeedConnection, FeedListener, FeedPacket } from '../../../src/mqtt-ingest/ports/feed-connection.js';
import type { FeedSignal } from '../../../src/mqtt-ingest/ports/feed-signals.js';
import type { Delivery } from './moment.js';

const TOPIC = 'thesports/football/match/v1';

/** The connection that the matches of one world share. It is told what arrives, and when it breaks. */
export class TruthFeed implements FeedConnection {
  /** whoever watches over the feed */
  tell: (signal: FeedSignal) => void = () => {};
  private listener: FeedListener | null = null;

  constructor(
    private readonly qos: 0 | 1,
    private readonly nowMs: () => number,
  ) {}

  open(listener: FeedListener): void {
    if (this.listener) return;
    this.listener = listener;
    this.connected(false);
  }

  renew(): void {}

  stopIntake(): void {}

  async close(): Promise<void> {}

  on(): void {}

  client(): unknown {
    return this.listener;
  }

  connected(resumed: boolean): void {
    this.listener?.onState('connected');
    this.listener?.onSession({ resumed });
    this.tell({ kind: 'subscribed', resumed, atMs: this.nowMs() });
  }

  lost(): void {
    this.listener?.onState('disconnected');
    this.tell({ kind: 'lost', atMs: this.nowMs() });
  }

  arrives(matchId: string, { says, dup }: Delivery): void {
    const score = [matchId, says.status, says.home, says.away, says.kickoffS];
    const frame = says.stamped ? { id: matchId, score, ut: says.atS + 1 } : score;
    const packet = { retain: false, dup: dup === true, ...(this.qos === 1 && { acknowledge: () => {} }) };
    this.listener?.onMessage(TOPIC, Buffer.from(JSON.stringify(frame)), packet satisfies FeedPacket);
  }
}
