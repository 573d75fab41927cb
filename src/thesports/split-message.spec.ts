import { describe, expect, it } from '@jest/globals';
import { decodeMessage } from './decode-message.js';
import { splitMessage } from './split-message.js';

const ORIGIN = { source: 'mqtt', delivery: 'push', receivedAtMs: 7, requestedAtMs: null } as const;
const slots = (goals: number) => [goals, 0, 0, 0, 3, 0, 0];
const tuple = (id: string, goals = 1) => [id, 2, slots(goals), slots(0), 1_768_662_000];
const item = (id: string, goals = 1) => ({ id, score: tuple(id, goals), stats: [{ type: 2, home: goals, away: 0 }] });
const bytes = (json: unknown) => Buffer.from(JSON.stringify(json));
const TIME = { update_time: 1_768_662_050 };

describe('splitMessage', () => {
  it.each<[string, unknown]>([
    ['a list of items', [item('a'), item('b', 2), item('c', 3)]],
    ['a list of tuples and pairs', [tuple('a'), ['b', [{ type: 2, home: 1, away: 0 }]], tuple('c')]],
    ['several items of one match', [item('a'), item('b'), item('a', 2)]],
    ['numeric keys', { 0: item('a'), 1: tuple('b') }],
    ['numeric keys beside a time', { 0: item('a'), 1: tuple('b'), ...TIME }],
    ['an answer of the REST API', { code: 0, results: [item('a'), item('b')], ...TIME }],
    ['numeric keys in such an answer', { code: 0, results: { 0: item('a'), 1: item('b'), ...TIME } }],
    ['items with times of their own', [{ ...item('a'), ...TIME }, item('b')]],
    [
      'an item with a part that is refused',
      [item('a'), { id: 'b', score: ['b', 99], stats: item('b').stats }, item('c')],
    ],
  ])('says of each match what the message said: %s', (_what, json) => {
    const whole = decodeMessage(bytes(json), ORIGIN);
    const parts = splitMessage(bytes(json));
    const matchIds = new Set(whole.updates.map(({ matchId }) => matchId));
    expect(new Set(parts?.keys())).toEqual(matchIds);
    for (const [matchId, payload] of parts ?? []) {
      const decoded = decodeMessage(payload, ORIGIN);
      expect(decoded.updates).toEqual(whole.updates.filter((update) => update.matchId === matchId));
      expect(decoded.rejections).toEqual(whole.rejections.filter((rejection) => rejection.matchId === matchId));
    }
  });

  it.each<[string, unknown]>([
    ['one item', item('a')],
    ['a list of one', [item('a')]],
    ['one tuple', tuple('a')],
    ['no message', 5],
    ['nothing', []],
  ])('leaves %s as it is', (_what, json) => {
    expect(splitMessage(bytes(json))).toBeNull();
  });

  it('leaves bytes alone that are no JSON, and items whose match is not known for sure', () => {
    expect(splitMessage(Buffer.from('{"'))).toBeNull();
    expect([...(splitMessage(bytes([item('a'), { id: 'b', score: tuple('c') }, 5])) ?? [])].map(([id]) => id)).toEqual([
      'a',
    ]);
  });
});
