import { HttpException, HttpStatus, type Logger } from '@nestjs/common';
import { logFields } from '../../../kernel/log-fields.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import { framesOf } from '../../../kernel/told-error.js';
import type { ErrorCode } from '../../ports/match-frames.js';
import { MessageRefused } from '../../ports/message-pipeline.js';

/** So much of a text is told to the client. */
const LONGEST_TEXT = 200;
/** So much of a stack is told to the log. */
const MOST_STACK_LINES = 5;
/** What Nest says where a guard says no. */
const GUARD_SAYS_NO = 'Forbidden resource';

/** An exception of `@nestjs/websockets`. */
interface WsExceptionLike extends Error {
  getError(): string | object;
}

export type WsExceptionClass = abstract new (...args: never[]) => WsExceptionLike;

const CODES: Readonly<Record<ErrorCode, true>> = {
  BAD_JSON: true,
  BAD_MESSAGE: true,
  UNKNOWN_TYPE: true,
  UNSUPPORTED_PROTOCOL: true,
  TOO_MANY_SUBSCRIPTIONS: true,
  UNAUTHORIZED: true,
  TOKEN_EXPIRED: true,
  FORBIDDEN: true,
  REFUSED: true,
  UNAVAILABLE: true,
  INTERNAL: true,
};

const CODE_BY_STATUS: Readonly<Partial<Record<number, ErrorCode>>> = {
  [HttpStatus.BAD_REQUEST]: 'BAD_MESSAGE',
  [HttpStatus.UNPROCESSABLE_ENTITY]: 'BAD_MESSAGE',
  [HttpStatus.UNAUTHORIZED]: 'UNAUTHORIZED',
  [HttpStatus.FORBIDDEN]: 'FORBIDDEN',
  [HttpStatus.SERVICE_UNAVAILABLE]: 'UNAVAILABLE',
};

/** What the sender of a message is told of an exception. One that nobody meant for it is logged and told by a constant text. */
export class MessageRefusals {
  private readonly failures: SampledWarning;

  /** @param wsException null: `@nestjs/websockets` is not installed, so nobody throws it */
  constructor(
    private readonly logger: Logger,
    private readonly wsException: WsExceptionClass | null,
  ) {
    this.failures = new SampledWarning(logger, 'A message of a WebSocket client failed');
  }

  /** @param type of the message */
  of(error: unknown, type: string): MessageRefused {
    if (error instanceof MessageRefused) return error;
    if (this.wsException && error instanceof this.wsException) return ofWsException(error);
    const code = error instanceof HttpException ? codeOf(error.getStatus()) : 'INTERNAL';
    if (error instanceof HttpException && code !== 'INTERNAL') return new MessageRefused(code, bounded(textOf(error)));
    this.log(error, type);
    return new MessageRefused('INTERNAL', 'The message could not be handled');
  }

  /**
   * What an exception filter answered: an error, a text, or an object with `message` and perhaps a `code` of ours. Anything
   * else is no answer: then the exception itself is told.
   */
  ofAnswer(answer: unknown, exception: unknown, type: string): MessageRefused {
    if (answer instanceof Error) return this.of(answer, type);
    return described(answer) ?? this.of(exception, type);
  }

  /** A text of an error may repeat what the client sent, so it is not logged above debug. */
  private log(error: unknown, type: string): void {
    const isError = error instanceof Error;
    this.failures.warn({
      type,
      error: isError ? error.constructor.name : typeof error,
      stack: isError ? framesOf(error, MOST_STACK_LINES).map((frame) => `at ${frame}`) : [],
    });
    this.logger.debug(
      'A message of a WebSocket client failed',
      logFields({ type, error: isError ? error.message : error }),
    );
  }
}

function ofWsException(exception: WsExceptionLike): MessageRefused {
  const told = described(exception.getError());
  if (told && told.code !== 'REFUSED') return told;
  const text = told?.message ?? exception.message;
  return new MessageRefused(text === GUARD_SAYS_NO ? 'FORBIDDEN' : 'REFUSED', bounded(text));
}

function described(answer: unknown): MessageRefused | null {
  if (typeof answer === 'string') return new MessageRefused('REFUSED', bounded(answer));
  if (typeof answer !== 'object' || answer === null) return null;
  const { code, message } = answer as { readonly code?: unknown; readonly message?: unknown };
  const isOurs = typeof code === 'string' && Object.hasOwn(CODES, code);
  if (typeof message !== 'string' && !isOurs) return null;
  return new MessageRefused(isOurs ? (code as ErrorCode) : 'REFUSED', bounded(String(message ?? code)));
}

/** Of the other refusals of HTTP the text is all that fits; a failure of the server is nothing that a client is told. */
function codeOf(status: number): ErrorCode {
  return CODE_BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'REFUSED' : 'INTERNAL');
}

/** A `ValidationPipe` puts a list of texts into its response. */
function textOf(exception: HttpException): string {
  const response = exception.getResponse();
  const message = typeof response === 'string' ? response : (response as { readonly message?: unknown }).message;
  if (Array.isArray(message)) return message.join('; ');
  return typeof message === 'string' ? message : exception.message;
}

function bounded(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}
