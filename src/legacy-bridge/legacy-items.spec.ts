import { describe, expect, it } from '@jest/globals';
import type { MatchUpdate } from '../domain/match-update.js';
import { toLegacyItems } from './legacy-items.js';

const UPDATE: MatchUpdate = {
  matchId: 'l7oqdehg6ko3r51',
  source: 'mqtt',
  delivery: 'push',
  receivedAtMs: 1_768_666_890_123,
  requestedAtMs: null,
  providerTimeS: null,
  score: { status: 7, home: [1, 1, 0, 2, 5, 2, 4], away: [1, 0, 1, 3, -1, 2, 3], periodKickoffS: 1_768_664_000 },
  incidents: [{ type: 1, position: 1, time: 12 }],
  statistics: [{ type: 25, home: 60, away: 40 }],
};
const at = { providerUpdateTime: null, ingestionTs: 1_768_666_890 };

describe('items for the legacy queue', () => {
  it('hold the parsed score object, without a minute that could overwrite a better one', () => {
    const [item] = toLegacyItems(UPDATE, ['score']);
    expect(item?.data).not.toHaveProperty('minute');
    expect(toLegacyItems(UPDATE, ['score'])).toEqual([
      {
        type: 'score',
        data: {
          matchId: 'l7oqdehg6ko3r51',
          status: 7,
          statusId: 7,
          messageTimestamp: 1_768_664_000,
          liveKickoffTime: 1_768_664_000,
          kickoffTimestamp: 1_768_664_000,
          home: {
            score: 6,
            regularScore: 1,
            overtimeScore: 2,
            penaltyScore: 4,
            halftime: 1,
            redCards: 0,
            yellowCards: 2,
            corners: 5,
            overtime: 2,
            penalty: 4,
          },
          away: {
            score: 5,
            regularScore: 1,
            overtimeScore: 2,
            penaltyScore: 3,
            halftime: 0,
            redCards: 1,
            yellowCards: 3,
            corners: -1,
            overtime: 2,
            penalty: 3,
          },
        },
        ...at,
      },
    ]);
  });

  it('are of every kind by default, each with the data its branch of the queue reads', () => {
    const [, ...others] = toLegacyItems({ ...UPDATE, providerTimeS: 1_768_666_880 });
    const told = { ...at, providerUpdateTime: 1_768_666_880 };
    expect(others).toEqual([
      { type: 'status', data: 7, ...told },
      { type: 'incidents', data: [{ type: 1, position: 1, time: 12 }], ...told },
      { type: 'statistics', data: { possession: { home: 60, away: 40 } }, ...told },
    ]);
  });

  it('have no kick-off where the feed gave none', () => {
    const score = {
      status: 1,
      home: [0, 0, 0, 0, 0, 0, 0],
      away: [0, 0, 0, 0, 0, 0, 0],
      periodKickoffS: null,
    } as const;
    expect(toLegacyItems({ ...UPDATE, score })[0]?.data).toMatchObject({
      messageTimestamp: 0,
      liveKickoffTime: null,
      kickoffTimestamp: null,
    });
  });

  it('are none for an update without a score', () => {
    const { score: _, ...details } = UPDATE;
    expect(toLegacyItems(details, ['score', 'status'])).toEqual([]);
  });

  it('share nothing with the update: the legacy path may change them', () => {
    const [item] = toLegacyItems(UPDATE, ['incidents']);
    const list = item?.data as { time: number }[];
    list.length = 0;
    expect(UPDATE.incidents).toHaveLength(1);
  });
});
