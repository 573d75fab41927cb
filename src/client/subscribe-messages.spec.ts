import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Part, subscribeMessages } from './subscribe-messages.js';

const since = '1.12345';
const ids = (count: number, prefix = 'l7oqdehg6ko3') =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const named = (id: string): Part => ({ id, list: 'matches', since });
const held = (id: string): Part => ({ id, list: null, since });
const bytesOf = (message: object) => Buffer.byteLength(JSON.stringify({ ...message, id: '123456', replay: true }));

describe('the messages of a subscription', () => {
  it('are one where all of it fits', () => {
    expect(
      subscribeMessages(
        [named('m1'), { id: 'm2', list: 'matches' }, held('m3'), { id: 'c1', list: 'competitions' }],
        true,
      ),
    ).toEqual([
      { type: 'SUBSCRIBE', matches: ['m1', 'm2'], competitions: ['c1'], all: true, since: { m1: since, m3: since } },
    ]);
  });

  it('are none where nothing is asked', () => {
    expect(subscribeMessages([], false)).toEqual([]);
  });

  it('name the held matches that the last one has no room for', () => {
    const messages = subscribeMessages(ids(1_000).map(held), true);
    expect(messages.length).toBeGreaterThan(1);
    expect(
      messages
        .slice(0, -1)
        .every(({ matches, all, since }) => all === undefined && matches?.length === Object.keys(since).length),
    ).toBe(true);
    expect(messages.at(-1)).toMatchObject({ all: true });
    expect(messages.at(-1)?.matches).toBeUndefined();
  });

  it('ask for everything, and none is longer than 12,000 bytes', () => {
    const part = fc.record({
      id: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
      list: fc.constantFrom('matches' as const, 'competitions' as const, null),
      since: fc.option(fc.constant(since), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 600, size: 'max' }), fc.boolean(), (parts, all) => {
        const messages = subscribeMessages(parts, all);
        expect(Math.max(0, ...messages.map(bytesOf))).toBeLessThanOrEqual(12_000);
        const asked = new Set(messages.flatMap(({ matches = [] }) => matches));
        for (const { id, list } of parts) if (list === 'matches') expect(asked).toContain(id);
        const competitions = messages.flatMap(({ competitions = [] }) => competitions);
        expect(competitions).toEqual(parts.filter(({ list }) => list === 'competitions').map(({ id }) => id));
        expect(messages.filter((message) => message.all)).toHaveLength(all ? 1 : 0);
      }),
      { numRuns: 60 },
    );
  });
});
