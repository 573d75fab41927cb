import { RefusedError } from '../operations.errors.js';
import { headerOf, type PageRequest } from './page-request.js';

const MOST_BYTES = 8_192;
const [BAD_REQUEST, TOO_LARGE] = [400, 413] as const;

export type Fields = Readonly<Record<string, unknown>>;

/** The body that the host's parser read. @throws RefusedError when it is not a short object of JSON */
export function jsonBodyOf(request: PageRequest): Fields {
  const { body } = request;
  if (Number(headerOf(request, 'content-length') ?? 0) > MOST_BYTES) throw tooLong();
  const isJson = /^application\/json\s*(;|$)/i.test(headerOf(request, 'content-type') ?? '');
  if (!isJson || typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RefusedError(
      BAD_REQUEST,
      'LIVESCORE_NO_JSON',
      'the body must be an object of JSON, with its content-type',
    );
  }
  if (Buffer.byteLength(JSON.stringify(body)) > MOST_BYTES) throw tooLong();
  return body as Fields;
}

function tooLong(): RefusedError {
  return new RefusedError(TOO_LARGE, 'LIVESCORE_TOO_LONG', `the body must not be longer than ${MOST_BYTES} bytes`);
}
