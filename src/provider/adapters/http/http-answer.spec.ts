import { describe, expect, it } from '@jest/globals';
import { payload } from '../../../../test/support/payloads.js';
import { ProviderError, type ProviderFailure } from '../../provider.errors.js';
import { openAnswer } from './http-answer.js';

const open = (body: unknown, status = 200) =>
  openAnswer({ status, body: typeof body === 'string' ? body : JSON.stringify(body) }, '/match/detail_live', ['hush']);

function refusal(body: unknown, status?: number): ProviderError {
  try {
    open(body, status);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error(`taken for a good answer: ${JSON.stringify(body)}`);
}

describe('openAnswer', () => {
  it.each([[{ results: [] }], [{ code: 0, results: [] }], [{ code: 200, results: [] }], [{ code: '0', results: [] }]])(
    'opens %j',
    (body) => {
      expect(open(body)).toEqual(body);
    },
  );

  it.each<[ProviderFailure, unknown, number]>([
    ['address', payload('rest-error-ip').toString(), 200],
    ['address', payload('rest-error-ip').toString(), 401],
    ['address', 'IP is not authorized to access', 403],
    ['limit', { code: 429, results: [] }, 200],
    ['limit', { results: [] }, 429],
    ['limit', '<html>slow down</html>', 429],
    ['limit', { msg: 'TOO many Requests' }, 200],
    ['limit', { err: 'too many requests', results: [] }, 200],
    ['limit', 'Too Many Requests', 200],
    ['limit', { code: 500, msg: 'too many requests' }, 503],
    ['refused', { err: 'user is wrong', results: [] }, 200],
    ['refused', { err: '', results: [] }, 200],
    ['refused', { err: null, results: [] }, 200],
    ['refused', { code: 1, results: [] }, 200],
    ['refused', { code: null, results: [] }, 200],
    ['refused', { code: '', results: [] }, 200],
    ['refused', { results: [] }, 301],
    ['refused', '', 404],
    ['unreachable', { results: [] }, 503],
    ['unreachable', '<html>bad gateway</html>', 502],
    ['malformed', '', 200],
    ['malformed', '', 204],
    ['malformed', '{"code":0,"results":[', 200],
    ['malformed', '[]', 200],
    ['malformed', 'null', 200],
    ['malformed', '"results"', 200],
  ])('calls it %s: %j with HTTP status %d', (failure, body, status) => {
    const error = refusal(body, status);
    expect([error.failure, error.code]).toEqual([failure, `LIVESCORE_PROVIDER_${failure.toUpperCase()}`]);
  });

  it('keeps status and code as fields, and a short text without credentials', () => {
    const error = refusal({ code: 7, err: `no hush\n${'x'.repeat(1_000)}` }, 400);
    expect(error.details).toEqual({ endpoint: '/match/detail_live', httpStatus: 400, providerCode: 7 });
    expect(error.message).toMatch(/^The provider says: no \*\*\* x+$/);
    expect(error.message.length).toBeLessThan(230);
  });

  it('does not take the words of a commentator for its own', () => {
    const body = { code: 0, results: [{ id: 'a', tlive: [{ data: 'Too many requests for a card' }] }] };
    expect(open(body)).toEqual(body);
  });
});
