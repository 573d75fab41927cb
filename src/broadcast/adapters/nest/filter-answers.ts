import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { isObservable, lastValueFrom } from 'rxjs';

/** What became of an exception in the filters. */
export class FilterAnswer {
  /** @param answer undefined: there is none */
  constructor(
    readonly exception: unknown,
    readonly answer: unknown,
  ) {}
}

/**
 * Catches what no other filter does. Nest asks it last when it is the first of the global ones. Without it Nest logs the exception
 * of every message, with all that stands in it.
 */
export const LAST_FILTER: ExceptionFilter = {
  catch: (exception: unknown) => new FilterAnswer(exception, undefined),
};

/**
 * A filter whose answer can be told from the result of a handler, and whose silence is an answer, too. It inherits from the filter,
 * so that Nest finds what that one catches.
 */
export function answering(filter: ExceptionFilter): ExceptionFilter {
  const value = async (exception: unknown, host: ArgumentsHost) => {
    const answer: unknown = await filter.catch(exception, host);
    const last = isObservable(answer) ? await lastValueFrom(answer, { defaultValue: undefined }) : answer;
    return new FilterAnswer(exception, last);
  };
  return Object.create(filter, { catch: { value } }) as ExceptionFilter;
}
