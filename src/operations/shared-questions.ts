import { within } from '../kernel/deadline.js';
import type { Scheduler } from '../kernel/scheduler.js';
import { RefusedError } from './operations.errors.js';

const TIMEOUT_MS = 2_000;
const UNAVAILABLE = 503;

/** Asks the database for readers who wait: equal questions that are under way are one, and nobody waits long for an answer. */
export class SharedQuestions<Answer> {
  private readonly asking = new Map<string, Promise<{ readonly answer: Answer }>>();

  constructor(private readonly scheduler: Scheduler) {}

  /** @throws RefusedError when the answer is late */
  async ask(key: string, read: () => Promise<Answer>): Promise<Answer> {
    const inTime = await within(this.askOnce(key, read), TIMEOUT_MS, this.scheduler);
    if (inTime) return inTime.answer;
    throw new RefusedError(UNAVAILABLE, 'LIVESCORE_DATABASE', 'the database did not answer in time: try again');
  }

  private askOnce(key: string, read: () => Promise<Answer>): Promise<{ readonly answer: Answer }> {
    const asking = this.asking.get(key);
    if (asking) return asking;
    const asked = this.answerOf(key, read);
    this.asking.set(key, asked);
    return asked;
  }

  private async answerOf(key: string, read: () => Promise<Answer>): Promise<{ readonly answer: Answer }> {
    try {
      return { answer: await read() };
    } finally {
      this.asking.delete(key);
    }
  }
}
