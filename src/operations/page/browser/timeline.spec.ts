import { describe, expect, it } from '@jest/globals';
import type { TimelineEntry } from '../../facts.js';
import { entryText, LANES, timelineData } from './timeline.js';

const frame: TimelineEntry = {
  lane: 'frame',
  atMs: 2_000,
  source: 'mqtt',
  delivery: 'push',
  status: 4,
  score: '2-1',
  kickoff: null,
  outcome: 'applied',
  reason: 'newer',
  version: 6,
  became: 7,
};
const version: TimelineEntry = {
  lane: 'version',
  atMs: 2_030,
  epoch: 1,
  version: 7,
  source: 'mqtt',
  before: { status: 4, home: 1, away: 1 },
  after: { status: 4, home: 2, away: 1 },
  receivedAtMs: 2_000,
  isCatchUp: false,
  by: null,
  reason: null,
};
const goal: TimelineEntry = { lane: 'announced', atMs: 1_000, kind: 'goal', text: '1-1', version: 6 };

describe('the timeline of a match', () => {
  it('has all lanes on one axis, in order of time', () => {
    const [times, ...lanes] = timelineData([version, goal, frame]);
    expect(times).toEqual([1, 2, 2.03]);
    expect(lanes).toHaveLength(LANES.length);
    expect(lanes[LANES.indexOf('announced')]).toEqual([LANES.indexOf('announced'), null, null]);
    expect(lanes[LANES.indexOf('frame')]).toEqual([null, 0, null]);
    expect(lanes[LANES.indexOf('version')]).toEqual([null, null, LANES.indexOf('version')]);
  });

  it.each<[TimelineEntry, string]>([
    [frame, 'mqtt push: 2-1 in status 4 → applied, newer, against version 6, became 7'],
    [version, '1.7 from mqtt: 1:1 in status 4 → 2:1 in status 4, 30 ms after receipt'],
    [goal, 'goal 1-1 of version 6'],
    [
      { lane: 'word', atMs: 1, says: 'pinned: legacy', by: 'kaan', reason: 'another match' },
      'pinned: legacy, by kaan: another match',
    ],
    [{ lane: 'letter', atMs: 1, id: '9', reason: 'malformed', detail: null }, 'letter 9: malformed'],
    [
      { lane: 'foreign', atMs: 1, version: 3, mode: 'on', result: 'reverted' },
      'version 3 by somebody else: reverted (on)',
    ],
  ])('says what happened: %#', (entry, text) => {
    expect(entryText(entry)).toBe(text);
  });
});
