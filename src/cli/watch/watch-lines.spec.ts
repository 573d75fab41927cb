import { describe, expect, it } from '@jest/globals';
import type { HostView } from './host-view.js';
import { watchLines } from './watch-lines.js';
import type { DatabaseView, WatchedMatch } from './watch-view.js';

const match = (n: number, change: Partial<WatchedMatch> = {}): WatchedMatch => ({
  id: `m${n}`,
  status: 4,
  home: 2,
  away: 1,
  minute: 67,
  source: 'mqtt',
  epoch: 0,
  version: 5,
  changedS: 3.2,
  seenS: 200,
  ...change,
});

const database = (count: number, change: Partial<DatabaseView> = {}): DatabaseView => ({
  live: count,
  matches: Array.from({ length: Math.min(count, 200) }, (_, n) => match(n)),
  changesLastMinute: 12,
  p50Ms: 4.25,
  p95Ms: 18,
  lease: { holder: 'host-1', fence: 7 },
  stage: { stage: 'canary', percent: 10, latched: false },
  ...change,
});

const HOST: HostView = {
  url: '127.0.0.1:3000',
  uptimeS: 3_700,
  feed: 'live',
  silentS: 0.4,
  messagesLastMinute: 900,
  noFeed: 2,
  holdsLease: true,
  stage: 'canary',
  clients: 31,
  unaccounted: 0,
  receivedPerS: 15.2,
  appliedPerS: 3,
  p50Ms: 6,
  p95Ms: 21,
  pool: { active: 1, total: 4, waiting: 0 },
};
const at = '2026-05-01T18:30:00.000Z';
const size = { rows: 30, columns: 200 };

describe('a look at host and database', () => {
  it('shows feed, rates, latency, lease, stage and matches', () => {
    expect(watchLines({ at, host: HOST, database: database(1) }, size)).toEqual([
      'livescore  18:30:00Z',
      'host       127.0.0.1:3000, up 61 min, takes the feed, stage canary, 31 clients, pool 1/4',
      'feed       live, last message 0 s ago, 900 messages/min, 15.2 updates/s, 3 applied/s, 2 live without feed, received to broadcast p50 6.0 ms, p95 21 ms',
      'database   1 live, 12 changes/min, received to written p50 4.3 ms, p95 18 ms',
      'lease      host-1, fence 7; stage set: canary 10 %',
      '',
      'match  status       score  min  version  by    changed  feed',
      "m0     second half  2-1    67'  0.5      mqtt  3 s      3 min",
    ]);
  });

  it.each([
    [24, 80, 400],
    [10, 40, 3],
    [8, 20, 50],
    [3, 10, 50],
  ])('fits %i rows of %i columns, whatever there is', (rows, columns, live) => {
    const lines = watchLines({ at, host: HOST, database: database(live) }, { rows, columns });
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    if (rows >= 24) expect(lines.at(-1)).toBe(`… and ${live - (rows - 8)} more`);
  });

  it('tells what cannot be asked', () => {
    const lines = watchLines({ at, host: { unknown: 'it is down' }, database: { unknown: 'it is away' } }, size);
    expect(lines.slice(1)).toEqual(['host       it is down', 'database   it is away']);
  });

  it('says when nobody takes the feed, nobody plays, and the rollout was taken back', () => {
    const stage = { stage: 'legacy', percent: 0, latched: true };
    const lines = watchLines({ at, host: { unknown: '-' }, database: database(0, { lease: null, stage }) }, size);
    expect(lines.slice(3)).toEqual([
      'lease      NOBODY takes the feed; stage set: legacy, LATCHED',
      '',
      'no match is being played',
    ]);
  });

  it('lets no text of the database move a cursor', () => {
    const hostile = database(1, { matches: [match(0, { id: '\u001b[2Jm\r\n', source: '\u0007x' })] });
    const text = watchLines({ at, host: { unknown: '\u001b]0;t\u0007' }, database: hostile }, size).join('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});
