/** What a reader is answered. Its body is made once and sent to all who get the same. */
export interface LiveAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A page is one content under one tag. */
export interface Page {
  /** the ETag without its quotes */
  readonly tag: string;
  readonly body: Buffer;
}

const JSON_TYPE = 'application/json; charset=utf-8';
/** Those who wait behind the lock of a cache are answered from one answer, and nobody sees an old goal for longer. */
const STATE_FOR = 'max-age=1';
/** A reader that names a turn asks again at once: an answer that leads it on may wait longer for the last of a crowd. */
const STEP_FOR = 'max-age=5';
const NO_BODY = Buffer.alloc(0);

export const BAD_SINCE = refusal(
  400,
  'Bad Request',
  '"since" must be what an answer named in "Live-Next" or in "ETag", or the position of a match, as 1.17',
  { 'cache-control': 'public, max-age=60' },
);
export const NOT_FOUND = refusal(404, 'Not Found', 'No match has this id', { 'cache-control': 'public, max-age=5' });
export const NOT_READ = refusal(503, 'Service Unavailable', 'The matches cannot be read now; ask again', {
  'cache-control': 'no-store',
  'retry-after': '1',
});
export const TOO_MANY = refusal(503, 'Service Unavailable', 'Too many requests wait here; ask again', {
  'cache-control': 'no-store',
  'retry-after': '1',
});

/** The same, kept long enough for a crowd. */
export function asStep(answer: LiveAnswer): LiveAnswer {
  return { ...answer, headers: { ...answer.headers, 'cache-control': `public, ${STEP_FOR}` } };
}

/** @param next what the next request names as `since` */
export function stateAnswer({ tag, body }: Page, next: string): LiveAnswer {
  return {
    status: 200,
    headers: {
      'content-type': JSON_TYPE,
      'content-length': String(body.length),
      'cache-control': `public, ${STATE_FOR}`,
      etag: `"${tag}"`,
      'live-next': next,
    },
    body,
  };
}

/** The same for a reader who has it. */
export function unlessKnown(answer: LiveAnswer, ifNoneMatch: string | undefined): LiveAnswer {
  const { etag } = answer.headers;
  if (etag === undefined || ifNoneMatch === undefined || !names(ifNoneMatch, etag)) return answer;
  const { 'content-type': _type, 'content-length': _length, ...headers } = answer.headers;
  return { status: 304, headers, body: NO_BODY };
}

/**
 * The same for a reader who showed who he is: no shared cache may hand it to others. Whether others may see it is for the
 * guards of the host to say.
 */
export function forOneReader(answer: LiveAnswer): LiveAnswer {
  const cached = answer.headers['cache-control']?.replace('public', 'private') ?? 'no-store';
  return { ...answer, headers: { ...answer.headers, 'cache-control': cached } };
}

/** Weak comparison, as RFC 9110 has it for `If-None-Match`. */
function names(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')));
}

function refusal(statusCode: number, error: string, message: string, headers: Record<string, string>): LiveAnswer {
  const body = Buffer.from(JSON.stringify({ statusCode, message, error }));
  return {
    status: statusCode,
    headers: { 'content-type': JSON_TYPE, 'content-length': String(body.length), ...headers },
    body,
  };
}
