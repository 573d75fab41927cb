import { isFields } from '../../../kernel/fields.js';
import { jsonIn } from '../../../kernel/json.js';
import { ProviderError, type ProviderFailure } from '../../provider.errors.js';

/** An answer as it came over the wire, whatever it says. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** The JSON object of an answer. */
export type AnswerBody = Readonly<Record<string, unknown>>;

const TOO_MANY = /too many requests/i;
const ADDRESS = /\bip\b.*\bnot authorized\b/i;
const LONGEST_TEXT = 200;

/**
 * The body of a good answer: no `err`, `code` absent, 0 or 200. The API tells its errors in the body, often under HTTP
 * status 200, so an error is never taken for an empty list.
 * @param secrets never repeated in an error
 * @throws ProviderError
 */
export function openAnswer({ status, body }: HttpAnswer, endpoint: string, secrets: readonly string[]): AnswerBody {
  const read = jsonIn(body);
  const json = isFields(read) ? (read as AnswerBody) : null;
  const told = failureTold(json, status, body);
  const isError = (json !== null && (json.err !== undefined || !isGoodCode(json.code))) || status !== 200;
  if (told || isError) {
    const failure = told ?? failureOf(json, status);
    const code = json?.code;
    throw new ProviderError(failure, describe(json, status, secrets), {
      endpoint,
      httpStatus: status,
      ...((typeof code === 'number' || typeof code === 'string') && { providerCode: code }),
    });
  }
  if (json === null) throw new ProviderError('malformed', 'The answer is no JSON object', { endpoint });
  return json;
}

function isGoodCode(code: unknown): boolean {
  return code === undefined || code === 0 || code === 200 || code === '0' || code === '200';
}

/** Only the provider's own words are searched: a commentary line may say anything. */
function failureTold(json: AnswerBody | null, status: number, body: string): ProviderFailure | null {
  if (status === 429 || Number(json?.code) === 429) return 'limit';
  const said =
    json === null ? body.slice(0, 1_000) : [json.err, json.msg, json.results, json.result].map(textOf).join(' ');
  if (TOO_MANY.test(said)) return 'limit';
  return ADDRESS.test(said) ? 'address' : null;
}

function failureOf(json: AnswerBody | null, status: number): ProviderFailure {
  if (status >= 500) return 'unreachable';
  return status < 300 && json === null ? 'malformed' : 'refused';
}

function describe(json: AnswerBody | null, status: number, secrets: readonly string[]): string {
  const said = textOf(json?.err) || textOf(json?.msg) || (json?.code === undefined ? '' : `code ${textOf(json.code)}`);
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), said).replace(/\s+/g, ' ');
  return clean ? `The provider says: ${clean.slice(0, LONGEST_TEXT)}` : `The provider answers with HTTP ${status}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
