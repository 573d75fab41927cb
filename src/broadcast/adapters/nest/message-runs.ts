import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { defaultIfEmpty, mergeMap, type Observable, takeUntil } from 'rxjs';
import type { ClientMessage } from '../../ports/match-frames.js';
import type { MessageRun } from './message-run.js';

/**
 * The messages on their way, found by what a context carries, so that the pipeline is built once and not for every message. Two
 * interceptors of ours know them: the outermost lets go of the others when nobody waits any longer, so that a stream without an end
 * has one; the innermost calls the handler.
 */
export class MessageRuns {
  private readonly runs = new WeakMap<object, MessageRun>();

  readonly outermost: NestInterceptor = {
    intercept: (context, next) => next.handle().pipe(defaultIfEmpty(undefined), takeUntil(this.of(context).stopped$)),
  };

  readonly innermost: NestInterceptor = {
    intercept: (context, next: CallHandler<ClientMessage>): Observable<void> => {
      const run = this.of(context);
      return next.handle().pipe(mergeMap((message) => run.handle(message)));
    },
  };

  /** @param message as it was sent: no two are the same object */
  begin(message: ClientMessage, run: MessageRun): void {
    this.runs.set(message, run);
  }

  private of(context: ExecutionContext): MessageRun {
    const run = this.runs.get(context.switchToWs().getData<object>());
    if (!run) throw new Error('The arguments of the context are those of no message');
    return run;
  }
}
