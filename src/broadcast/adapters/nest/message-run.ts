import { Subject } from 'rxjs';
import type { ClientMessage } from '../../ports/match-frames.js';
import type { MessageRefused } from '../../ports/message-pipeline.js';

/** One message on its way. */
export class MessageRun {
  readonly stopped$ = new Subject<void>();
  private why: MessageRefused | null = null;
  private handled = false;

  constructor(private readonly handler: (message: ClientMessage) => unknown) {}

  /** Has the handler been called? */
  get isHandled(): boolean {
    return this.handled;
  }

  /** Nobody waits for it any longer. */
  stop(why: MessageRefused): void {
    this.why = why;
    this.stopped$.next();
  }

  /** @throws MessageRefused when nobody waits for it any longer */
  async handle(message: ClientMessage): Promise<void> {
    if (this.why) throw this.why;
    this.handled = true;
    await this.handler(message);
  }
}
