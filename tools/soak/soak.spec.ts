import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../test/support/seeded-random.js';
import type { MatchRow } from '../faults/parts/match-database.js';
import { checkMatch } from './checks/match-check.js';
import type { StoredDetails } from './checks/stored-details.js';
import { LiveMatch } from './model/live-match.js';
import { MatchDay } from './model/match-day.js';
import { readOptions } from './options.js';
import { phasesOf } from './phases.js';
import { brokenPromises, judge, type SoakFacts } from './verdict.js';
import { isSteady, longestWarmUpS } from './warm-up.js';
import type { Sample } from './watch.js';

const NOW_S = 1_768_662_000;
const OPTIONS = readOptions(['--minutes', '10']);
const PHASES = phasesOf(OPTIONS.minutes, 0);

/** A match told to its end, and the row of a host that wrote everything. */
function playedMatch() {
  const match = new LiveMatch('m', 40, NOW_S, new SeededRandom(7));
  const payloads: string[] = [];
  while (!match.isOver) payloads.push(match.next(payloads.length));
  const row: MatchRow = {
    matchId: 'm',
    version: 40,
    status: 8,
    home: match.told.frames.at(-1)?.home ?? null,
    away: match.told.frames.at(-1)?.away ?? null,
    columns: [],
    kickoffs: [null, null, null],
    stamped: true,
  };
  const statistics: Record<string, unknown> = {};
  const names = new Map([
    [2, 'corners'],
    [21, 'shots_on_target'],
    [22, 'shots_off_target'],
    [23, 'attacks'],
    [24, 'dangerous_attacks'],
    [25, 'possession'],
  ]);
  for (const { type, home, away } of match.toldStatistics) statistics[names.get(type) as string] = { home, away };
  const details: StoredDetails = {
    matchId: 'm',
    statistics,
    incidents: match.toldIncidents.map((one) => ({ ...one })),
    commentary: match.toldCommentary.map((one) => ({ ...one })),
  };
  return { match, payloads, row, details };
}

/** Samples twice a second, with this size at each moment. */
function samplesOf(sizeMb: (atS: number) => number): readonly Sample[] {
  return Array.from({ length: PHASES.endS * 2 }, (_, n) => ({ atS: n / 2, rssMb: sizeMb(n / 2), fds: 27 }));
}

function factsOf(changes: Partial<SoakFacts> = {}): SoakFacts {
  return {
    sent: 300_000,
    acknowledged: 300_000,
    redelivered: 0,
    lost: 0,
    keepaliveLost: 0,
    unaccounted: 0,
    mostHeld: 1_000,
    firstCommitAfterReturnMs: 300,
    caughtUpAfterReturnMs: 5_000,
    rssBeforeMb: 150,
    rssAfterMb: 151,
    samples: samplesOf(() => 200),
    healthAnswersMs: [1, 2, 3],
    commitsMs: [4],
    findings: [],
    ...changes,
  };
}

const faultsOf = (changes: Partial<SoakFacts>) => brokenPromises(judge(OPTIONS, PHASES, factsOf(changes)));

describe('The soak', () => {
  it('takes the database away for a tenth of the time in the middle: 60 s of 10 minutes', () => {
    expect(PHASES).toEqual({
      endS: 600,
      outage: { fromS: 270, untilS: 330 },
      before: { fromS: 237, untilS: 267 },
      after: { fromS: 567, untilS: 597 },
    });
  });

  it('warms up first when it is short, until the memory grows no more', () => {
    expect(longestWarmUpS(10)).toBe(0);
    expect(longestWarmUpS(2)).toBeGreaterThan(120);
    expect(phasesOf(2, 100).outage).toEqual({ fromS: 154, untilS: 166 });
    const growing = samplesOf((atS) => 100 + Math.min(atS, 100));
    expect(isSteady(growing, 80)).toBe(false);
    expect(isSteady(growing, 150)).toBe(true);
    expect(
      isSteady(
        samplesOf(() => 200),
        30,
      ),
    ).toBe(false);
  });

  it('is short by default, and refuses what is no length', () => {
    expect(readOptions([])).toEqual({ minutes: 2, rate: 500, matches: 300, seed: 1, json: false });
    expect(() => readOptions(['--minutes', '0'])).toThrow('--minutes must be a whole number');
  });

  it('finds nothing in a run in which everything held', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it('compares what is held before the outage and at the end; what was there in between is shown beside it', () => {
    const samples = samplesOf((atS) => (atS > 300 && atS < 400 ? 320 : atS > 400 ? 230 : 200));
    expect(judge(OPTIONS, PHASES, factsOf({ samples }))).toMatchObject({
      rssBeforeMb: 150,
      rssAfterMb: 151,
      rssRatio: 1.007,
      rssRawBeforeMb: 200,
      rssRawAfterMb: 230,
      rssPeakMb: 320,
    });
    expect(faultsOf({ samples })).toEqual([]);
    expect(faultsOf({ rssAfterMb: 166 })).toEqual([expect.stringContaining('1.107 of before')]);
  });

  it.each<[string, Partial<SoakFacts>]>([
    ['something was lost', { lost: 1 }],
    ['the broker threw the host off', { keepaliveLost: 1 }],
    ['the books did not balance', { unaccounted: 1 }],
    ['a row was wrong', { findings: [{ kind: 'wrong-row', text: '' }] }],
    ['a version was told twice with different content', { findings: [{ kind: 'duplicated', text: '' }] }],
    ['the first commit came late', { firstCommitAfterReturnMs: 1_001 }],
    ['nothing was ever committed again', { firstCommitAfterReturnMs: null }],
    ['nobody measured the memory', { rssAfterMb: Number.NaN }],
  ])('finds that %s', (_, changes) => {
    expect(faultsOf(changes)).toHaveLength(1);
  });
});

describe('A match of the soak', () => {
  it('tells goals, statistics, incidents and commentary, no two messages alike', () => {
    const { match, payloads } = playedMatch();
    expect(new Set(payloads).size).toBe(payloads.length);
    expect(match.told).toEqual(match.history);
    expect(match.toldStatistics.length).toBeGreaterThan(0);
    expect(match.toldIncidents.length).toBeGreaterThan(0);
    expect(match.toldCommentary.length).toBeGreaterThan(0);
  });

  it('is whole in a row that shows its end with all details', () => {
    const { match, row, details } = playedMatch();
    expect(checkMatch(match, row, details)).toEqual({ lost: 0, surplus: 0 });
  });

  it('counts what is not in the row, and what is in it twice', () => {
    const { match, row, details } = playedMatch();
    const [first, ...others] = details.commentary ?? [];
    const damaged = {
      ...details,
      statistics: { ...details.statistics, corners: { home: 1, away: 0 } },
      incidents: [...(details.incidents ?? []), details.incidents?.[0] ?? {}],
      commentary: others,
    };
    expect(first).toBeDefined();
    expect(checkMatch(match, row, damaged)).toEqual({ lost: 2, surplus: 1 });
    expect(checkMatch(match, undefined, undefined).lost).toBeGreaterThan(40);
  });

  it('gives way to a new one when it is over, so that there are always as many', () => {
    const day = new MatchDay(10, () => NOW_S, new SeededRandom(3));
    for (let n = 0; n < 5_000; n++) day.next().match.next(n);
    expect(day.playing).toHaveLength(10);
    expect(day.all.length).toBeGreaterThan(40);
    expect(new Set(day.all.map(({ matchId }) => matchId)).size).toBe(day.all.length);
  });
});
