import { Injectable, Logger } from '@nestjs/common';
import { LiveScoreError } from '../../kernel/livescore.errors.js';
import { printable } from '../../kernel/printable.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { sqlState } from '../../postgres/sql-state.js';
import type { RefusedAnswer } from '../facts.js';
import { RefusedError } from '../operations.errors.js';
import { type PageAnswer, PageReply } from './page-reply.js';
import { type PageRequest, pathOf } from './page-request.js';

const [NOT_FOUND, CONFLICT, FAILED, UNAVAILABLE] = [404, 409, 500, 503] as const;
/** What features say of a thing that is not there. */
const ABSENT: ReadonlySet<string> = new Set([
  'LIVESCORE_NO_MATCH',
  'LIVESCORE_NO_COMPETITION',
  'LIVESCORE_NO_SYNC_ENTITY',
  'LIVESCORE_NO_LETTER',
]);

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

/** The driver gave up waiting: an error without a code, and no mistake of ours. */
function isSilence(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error;
}

/** A driver's own words may carry addresses: only its code is told. */
function refusalOf(error: unknown): RefusedAnswer {
  if (error instanceof RefusedError) return { statusCode: error.status, code: error.code, message: error.message };
  if (error instanceof LiveScoreError) {
    return { statusCode: ABSENT.has(error.code) ? NOT_FOUND : CONFLICT, code: error.code, message: error.message };
  }
  const code = sqlState(error);
  if (code !== null || isSilence(error)) {
    const message = `the database did not do it (${code ?? 'no answer'}): whether it took effect is unknown, look again`;
    return { statusCode: UNAVAILABLE, code: 'LIVESCORE_DATABASE', message };
  }
  return { statusCode: FAILED, code: 'LIVESCORE_FAILED', message: 'it could not be answered: see the log of the host' };
}
