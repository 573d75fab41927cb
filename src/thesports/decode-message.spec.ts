import { describe, expect, it } from '@jest/globals';
import { payload } from '../../test/support/payloads.js';
import { decode, ORIGIN, scored, tuple, update, ZERO } from '../../test/support/score-frames.js';
import { decodeItems, decodeMessage } from './decode-message.js';
import type { Origin } from './decoded-message.js';

describe('samples of the provider', () => {
  const kickOff = (status: number, home: number[], away: number[], periodKickoffS: number) => ({
    score: { status, home, away, periodKickoffS },
  });
  const early = kickOff(2, [0, 0, 0, 0, 3, 0, 0], [0, 0, 0, 0, 1, 0, 0], 1_766_242_949);
  const headedGoal = {
    type: 1,
    position: 2,
    time: 51,
    player_id: 'p1',
    player_name: 'A',
    assist1_id: 'p2',
    assist1_name: 'B',
    home_score: 0,
    away_score: 1,
  };
  const change = {
    type: 9,
    position: 1,
    time: 60,
    in_player_id: 'p3',
    in_player_name: 'C',
    out_player_id: 'p4',
    out_player_name: 'D',
  };
  const possession = { type: 25, home: 57, away: 43 };
  const onTarget = { type: 21, home: 6, away: 3 };
  const line = { time: "51'", data: "51'Goal! VfB Stuttgart 0-1 Atalanta...", position: 2 };
  const stuttgart = 'l7oqdehg6ko3r51';

  it.each<[string, object[]]>([
    [
      'envelope-a-bare-tuple',
      [update('8yomo4h14eo4q0j', kickOff(2, [1, 0, 0, 0, 2, 0, 0], [0, 0, 0, 0, 1, 0, 0], 1_768_662_000))],
    ],
    ['envelope-b-single-object', [update('dn1m1ghlok5omoe', early)]],
    ['envelope-b-nested-score', [update('dn1m1ghlok5omoe', early)]],
    ['rest-detail-live-item', [update('dn1m1ghlok5omoe', early)]],
    [
      'envelope-c-object-array',
      [
        update('dn1m1ghlpg3vmoe', kickOff(3, [1, 1, 0, 0, 4, 0, 0], [0, 0, 0, 1, 2, 0, 0], 1_768_662_000)),
        update('318q66hxnyk0qo9', { statistics: [{ type: 2, home: 3, away: 1 }] }),
      ],
    ],
    [
      'envelope-d-numeric-keys',
      [
        update(stuttgart, kickOff(4, [2, 1, 0, 1, 5, 0, 0], [1, 0, 0, 2, 3, 0, 0], 1_768_665_600)),
        update(stuttgart, { statistics: [possession, onTarget] }),
      ],
    ],
    [
      'envelope-e-combined-object',
      [
        update(stuttgart, {
          ...kickOff(4, [0, 0, 0, 1, 5, 0, 0], [1, 0, 0, 2, 3, 0, 0], 1_768_665_600),
          statistics: [possession],
          incidents: [headedGoal],
          commentary: [line],
        }),
      ],
    ],
    [
      'incidents-object',
      [
        update(stuttgart, {
          incidents: [
            headedGoal,
            { type: 28, position: 2, time: 53, home_score: 0, away_score: 0, var_reason: 2, var_result: 2 },
            change,
          ],
        }),
      ],
    ],
    ['incidents-positional', [update(stuttgart, { incidents: [headedGoal, change] })]],
    ['stats-object', [update(stuttgart, { statistics: [possession, onTarget, { type: 2, home: 5, away: 3 }] })]],
    ['stats-positional', [update(stuttgart, { statistics: [possession, onTarget] })]],
    ['tlive-object', [update(stuttgart, { commentary: [line] })]],
    ['score-extra-time', [update(stuttgart, kickOff(5, [1, 1, 0, 2, 6, 2, 0], [1, 0, 0, 3, 4, 1, 0], 1_768_670_400))]],
    ['score-shootout', [update(stuttgart, kickOff(7, [1, 1, 0, 2, 6, 2, 5], [1, 0, 0, 3, 4, 2, 4], 1_768_670_400))]],
    [
      'score-full-time',
      [update('dn1m1ghlpg3vmoe', kickOff(8, [3, 1, 0, 1, 7, 0, 0], [0, 0, 0, 2, 2, 0, 0], 1_768_665_600))],
    ],
    [
      'score-negative-corners',
      [update('318q66hxnyk0qo9', kickOff(2, [0, 0, 0, 0, -1, 0, 0], [0, 0, 0, 0, -1, 0, 0], 1_768_662_000))],
    ],
    ['ambiguous-empty-pair', []],
  ])('%s', (name, expected) => {
    const { updates, rejections } = decodeMessage(payload(name), ORIGIN);
    expect(updates).toEqual(expected);
    expect(rejections).toEqual([]);
  });

  it('an error body is a message that says nothing', () => {
    expect(decodeMessage(payload('rest-error-ip'), ORIGIN)).toMatchObject({
      updates: [],
      rejections: [{ kind: 'message', reason: 'error-body', matchId: null }],
    });
  });
});

describe('malformed samples', () => {
  const reasons: Record<string, string> = {
    'tuple too short': 'short-tuple',
    'home slots not numbers': 'bad-slots',
    'home slots missing': 'bad-slots',
    'negative goals': 'negative-goals',
    'status is null': 'bad-status',
    'status outside 0-13': 'bad-status',
    'empty id': 'blank-id',
    'no id anywhere': 'no-id',
    'id and tuple id disagree': 'id-mismatch',
    'scalar payload': 'scalar',
    'error body instead of a frame': 'error-body',
  };
  const { cases } = JSON.parse(payload('malformed').toString()) as { cases: { why: string; payload: unknown }[] };

  it.each(cases.map((one) => [one.why, one.payload] as const))('%s is refused', (why, bad) => {
    const { updates, rejections } = decode(bad);
    expect(updates).toEqual([]);
    expect(rejections.map((rejection) => rejection.reason)).toEqual([reasons[why]]);
  });
});

describe('what is understood', () => {
  it.each<[string, unknown, object[]]>([
    ['a list of bare tuples', [tuple('a'), tuple('b', 3)], [scored('a'), scored('b', 3)]],
    ['a tuple and a pair in a list', [tuple('a'), ['b', []]], [scored('a')]],
    [
      'more elements and slots than needed',
      ['a', 2, [1, 0, 0, 0, 2, 0, 0, 9], [...ZERO, 'x'], 1_768_662_000, ''],
      [scored('a')],
    ],
    [
      'the same match twice, in order',
      [
        { id: 'a', score: tuple('a', 2) },
        { id: 'a', score: tuple('a', 1) },
      ],
      [scored('a', 2), scored('a', 1)],
    ],
    ['unknown keys', { id: 'a', colour: 'red', score: tuple('a'), extra: { deep: [1] } }, [scored('a')]],
    ['the id only in the score', { score: tuple('a'), stats: [] }, [scored('a')]],
    ['a null id beside the id in the score', { id: null, score: [tuple('a')] }, [scored('a')]],
    ['null parts', { id: 'a', score: tuple('a'), stats: null, incidents: null, tlive: null }, [scored('a')]],
    [
      'numeric keys in the order of their numbers',
      { '10': tuple('b', 3), '2': tuple('a') },
      [scored('a'), scored('b', 3)],
    ],
    ['an id of digits stays text', tuple('0012'), [scored('0012')]],
    ['an id that looks like a float', tuple('318e66'), [scored('318e66')]],
    ['an id of 255 characters', tuple('x'.repeat(255)), [scored('x'.repeat(255))]],
    ['a REST answer', { code: 0, results: [{ id: 'a', score: tuple('a') }] }, [scored('a')]],
    ['a REST answer with numeric keys', { code: 0, results: { '1': { id: 'a', score: tuple('a') } } }, [scored('a')]],
    [
      'commentary in a pair',
      ['a', [{ data: 'x', time: 12 }]],
      [update('a', { commentary: [{ data: 'x', time: '12' }] })],
    ],
    [
      'statistics in a pair of objects',
      ['a', [{ type: 2, home: 3, away: 1 }]],
      [update('a', { statistics: [{ type: 2, home: 3, away: 1 }] })],
    ],
    ['nothing: an empty array', [], []],
    ['nothing: an item of empty arrays', { id: 'a', score: [], stats: [], incidents: [], tlive: [] }, []],
    ['nothing: an empty nested score', { id: 'a', score: [[]] }, []],
    ['nothing: an empty list under a numeric key', { '0': [] }, []],
  ])('%s', (_what, json, expected) => {
    const { updates, rejections } = decode(json);
    expect(updates).toEqual(expected);
    expect(rejections).toEqual([]);
  });

  it('reads bytes that are not a Buffer', () => {
    const bytes = new TextEncoder().encode(`  ${JSON.stringify(tuple('é'))}`).subarray(1);
    expect(decodeMessage(bytes, ORIGIN).updates).toEqual([scored('é')]);
  });

  it('reads a body that is parsed already, for a pull', () => {
    const origin: Origin = { source: 'api', delivery: 'pull', receivedAtMs: 20, requestedAtMs: 10 };
    expect(decodeItems([{ id: 'a', stats: [[2, 3, 1]] }], origin).updates).toEqual([
      { matchId: 'a', ...origin, providerTimeS: null, statistics: [{ type: 2, home: 3, away: 1 }] },
    ]);
  });

  it('keeps keys like __proto__ harmless', () => {
    const text =
      '{"__proto__":{"id":"evil"},"constructor":{"prototype":1},"score":["a",2,[1,0,0,0,2,0,0],[0,0,0,0,0,0,0],1768662000]}';
    expect(decodeMessage(text, ORIGIN).updates).toEqual([scored('a')]);
    expect(({} as Record<string, unknown>).id).toBeUndefined();
  });
});
