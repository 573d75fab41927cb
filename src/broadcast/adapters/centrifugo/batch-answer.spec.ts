import { describe, expect, it } from '@jest/globals';
import { fatesOf } from './batch-answer.js';

const kinds = (status: number, body: string) => fatesOf({ status, body }, 2).map(({ kind }) => kind);

describe('the answer to a batch', () => {
  it.each([
    ['{"replies":[{"publish":{}},{"publish":{"offset":1,"epoch":"x"}}]}', ['published', 'published']],
    ['{"replies":[{"error":{"code":102,"message":"unknown channel"}},{"publish":{}}]}', ['refused', 'published']],
    ['{"replies":[{"error":{"code":100,"message":"internal server error"}},{"publish":{}}]}', ['later', 'published']],
    ['{"replies":[{"publish":{},"error":{"code":107}},{"publish":{}}]}', ['refused', 'published']],
    ['{"replies":[{"error":"yes"},null]}', ['refused', 'later']],
    ['{"replies":[{"publish":{}}]}', ['later', 'later']],
    ['{"error":{"code":107,"message":"bad request"}}', ['refused', 'refused']],
    ['{"error":{"code":100,"message":"internal server error"}}', ['later', 'later']],
    ['[]', ['later', 'later']],
    ['', ['later', 'later']],
  ])('%s', (body, fates) => {
    expect(kinds(200, body)).toEqual(fates);
  });

  it.each([
    [500, 'later'],
    [503, 'later'],
    [408, 'later'],
    [425, 'later'],
    [429, 'later'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [413, 'refused'],
    [302, 'refused'],
    [204, 'refused'],
  ])('with HTTP %i stands for all commands: %s', (status, kind) => {
    expect(kinds(status, '{"replies":[{"publish":{}},{"publish":{}}]}')).toEqual([kind, kind]);
  });
});
