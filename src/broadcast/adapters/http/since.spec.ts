import { describe, expect, it } from '@jest/globals';
import { readListSince, readMatchSince, sinceText } from './since.js';

const DIGEST = 'abcdefghij-_0123456789';

describe('what a reader of a match names', () => {
  it.each([
    ['1.17', { position: { epoch: 1, version: 17 }, tag: null, turn: null }],
    ['1.17-abcd_-12', { position: { epoch: 1, version: 17 }, tag: '1.17-abcd_-12', turn: null }],
    ['1.17-abcd_-12~z', { position: { epoch: 1, version: 17 }, tag: '1.17-abcd_-12', turn: 35 }],
    ['1.17~10', { position: { epoch: 1, version: 17 }, tag: null, turn: 36 }],
    ['"1.17-abcd_-12"', { position: { epoch: 1, version: 17 }, tag: '1.17-abcd_-12', turn: null }],
    ['W/"1.17-abcd_-12"', { position: { epoch: 1, version: 17 }, tag: '1.17-abcd_-12', turn: null }],
  ])('%s', (text, expected) => {
    expect(readMatchSince(text)).toEqual(expected);
  });

  it.each([
    '',
    '1',
    '1.',
    '1.17-',
    '1.17-short',
    '1.17-abcd_-12~',
    '1.17-abcd_-12~Z',
    '-1.17',
    ' 1.17',
    `1.${'9'.repeat(16)}`,
    DIGEST,
    ['1.17'],
    { a: '1.17' },
    1.17,
  ])('is nothing when it is %j', (text) => {
    expect(readMatchSince(text)).toBeNull();
  });
});

describe('what a reader of the list names', () => {
  it('is the digest, and the turn', () => {
    expect(readListSince(DIGEST)).toEqual({ tag: DIGEST, turn: null });
    expect(readListSince(`"${DIGEST}"`)).toEqual({ tag: DIGEST, turn: null });
    expect(readListSince(sinceText(DIGEST, 1_000_000))).toEqual({ tag: DIGEST, turn: 1_000_000 });
    expect(readListSince(sinceText(DIGEST, null))).toEqual({ tag: DIGEST, turn: null });
  });

  it.each(['', '1.17', `${DIGEST}x`, `${DIGEST}~`, [DIGEST]])('is nothing when it is %j', (text) => {
    expect(readListSince(text)).toBeNull();
  });
});
