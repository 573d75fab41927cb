import { once } from 'node:events';
import type { Feed } from './feed.js';
import { FeedServer } from './feed-server.js';
import { encodePackets } from './publish-packet.js';
import type { SubjectProcess } from './subject-process.js';

const CHUNK = 200;
/** Packet ids on their way: far below their number, so that none is used twice. */
const WINDOW = 30_000;
const STALL_MS = 5_000;

/** Feeds the subject without a broker, with packets encoded beforehand, as fast as it reads. */
export class Generator implements Feed {
  private acknowledgedBefore = 0;
  private sent = 0;

  private constructor(
    private readonly server: FeedServer,
    private readonly topic: string,
    private readonly qos: 0 | 1,
  ) {}

  static async start(topic: string, qos: 0 | 1): Promise<Generator> {
    return new Generator(await FeedServer.start(qos), topic, qos);
  }

  get url(): string {
    return this.server.url;
  }

  async flood(payloads: readonly Buffer[], subject: SubjectProcess): Promise<number | null> {
    const { socket } = this.server;
    const chunks = encodePackets(this.topic, payloads, this.qos, CHUNK);
    this.acknowledgedBefore = this.server.acknowledged;
    this.sent = 0;
    const start = performance.now();
    for (const chunk of chunks) {
      if (this.qos === 1 && !(await this.roomInWindow(subject))) return null;
      if (!socket.write(chunk)) await once(socket, 'drain', { signal: AbortSignal.timeout(STALL_MS) });
      this.sent = Math.min(this.sent + CHUNK, payloads.length);
    }
    const absorbed = await subject.untilProgress((progress) => progress.absorbed >= payloads.length, STALL_MS);
    return absorbed ? performance.now() - start : null;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private get unacknowledged(): number {
    return this.sent - (this.server.acknowledged - this.acknowledgedBefore);
  }

  private roomInWindow(subject: SubjectProcess): Promise<boolean> {
    if (this.unacknowledged < WINDOW) return Promise.resolve(true);
    return subject.untilProgress(() => this.unacknowledged < WINDOW, STALL_MS);
  }
}
