import { FeedServer } from '../feed-server.js';
import { encodePackets } from '../publish-packet.js';
import { Workload } from '../workload.js';
import type { RunningSubject, SubjectSettings, Turns } from './subject-messages.js';

/** The address that stands for a feed inside the subject's own process. */
export const TURN_FEED = 'mqtt://turns';

/** Seconds since the kick-off of all second halves: as the database of a bench has them. */
export const SECOND_HALF_AGE_S = 600;

/**
 * Feeds the subject it shares a process with, so that how many messages fold and how many rows a statement has does not
 * depend on how busy the machine is: what is measured is processor time.
 */
export class TurnFeed {
  private workload: Workload | null = null;
  private next = 0;
  private written = 0;
  private expected = 0;
  private done: () => void = () => undefined;

  private constructor(
    private readonly server: FeedServer,
    private readonly topic: string,
    private readonly kickoffS: number,
  ) {}

  static async start({ topic, kickoffS }: SubjectSettings): Promise<TurnFeed> {
    return new TurnFeed(await FeedServer.start(0), topic, kickoffS);
  }

  get url(): string {
    return this.server.url;
  }

  follow(subject: RunningSubject): void {
    subject.onWritten?.((rows) => {
      this.written += rows;
      if (this.written >= this.expected) this.done();
    });
  }

  async run({ matches, perTurn, turns }: Turns): Promise<void> {
    this.workload ??= new Workload(this.kickoffS, matches);
    for (const chunk of this.chunks(this.workload, matches, perTurn, turns)) {
      this.expected += perTurn;
      await new Promise<void>((resolve) => {
        this.done = resolve;
        this.server.socket.write(chunk);
      });
    }
  }

  private chunks(workload: Workload, matches: number, perTurn: number, turns: number): readonly Buffer[] {
    const payloads = Array.from({ length: perTurn * turns }, () => {
      const index = this.next++ % matches;
      workload.next(index);
      return workload.payload([index]);
    });
    return encodePackets(this.topic, payloads, 0, perTurn);
  }
}
