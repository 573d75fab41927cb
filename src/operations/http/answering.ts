import { Injectable, Logger } from '@nestjs/common';
import { printable } from '../../kernel/printable.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import type { PageAnswer } from './page-answer.js';
import { PageReply } from './page-reply.js';
import { type PageRequest, pathOf } from './page-request.js';
import { FAILED, refusalOf } from './refusal.js';

/** Answers one request, or says why not in the page's own form. */
@Injectable()
export class Answering {
  private readonly failures = new SampledWarning(new Logger('Operations'), 'A request of the operations page failed');

  constructor(private readonly reply: PageReply) {}

  async run(request: PageRequest, response: unknown, answer: () => Promise<PageAnswer>): Promise<void> {
    this.reply.send(response, await this.answered(request, answer));
  }

  private async answered(request: PageRequest, answer: () => Promise<PageAnswer>): Promise<PageAnswer> {
    try {
      return await answer();
    } catch (error) {
      const body = refusalOf(error);
      if (body.statusCode === FAILED) {
        const kind = error instanceof Error ? error.name : typeof error;
        this.failures.warn({ path: printable(pathOf(request)).slice(0, 100), error: kind });
      }
      return { status: body.statusCode, body };
    }
  }
}
