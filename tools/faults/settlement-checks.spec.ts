import { describe, expect, it } from '@jest/globals';
import { PREDICTED } from '../../src/replay/verify/predictions.js';
import type { Finding } from './checks/finding.js';
import { expectedResult, resultOf } from './checks/predicted-result.js';
import { reversalsOf, revisionFindings } from './checks/revisions.js';
import { resultFinding } from './checks/settled-results.js';
import { Settlement } from './checks/settlement.js';
import { settlementFrameFindings } from './checks/settlement-frames.js';
import type { FaultResult } from './fault-run.js';
import type { Frame } from './model/match-history.js';
import type { JournalEntry, MatchDatabase, MatchRow, PredictionRow, RevisionRow } from './parts/match-database.js';
import type { SeenPrediction } from './parts/screen.js';
import { isRight, summarize } from './summary.js';

type Pair = readonly [home: number, away: number];

function stateOf(status: number, [home, away]: Pair, halfTime: Pair = [0, 0]) {
  const slots = (goals: number, atHalfTime: number) => [goals, atHalfTime, 0, 0, 1, 0, 0] as const;
  return { status, home: slots(home, halfTime[0]), away: slots(away, halfTime[1]), kickoffs: [] };
}

/** 0-0, 1-0, 0-0 (VAR), 1-0, half-time, 1-1 in the second half, the end */
const STATES = [
  stateOf(2, [0, 0]),
  stateOf(2, [1, 0]),
  stateOf(2, [0, 0]),
  stateOf(2, [1, 0]),
  stateOf(3, [1, 0], [1, 0]),
  stateOf(4, [1, 1], [1, 0]),
  stateOf(8, [1, 1], [1, 0]),
] as const;

const journalOf = (states: readonly (typeof STATES)[number][]): JournalEntry[] =>
  states.map((after, n) => ({
    matchId: 'm',
    epoch: 0,
    version: n + 1,
    source: 'mqtt',
    before: states[n - 1] ?? null,
    after,
    catchUp: false,
    committedAtMs: n,
  }));
const JOURNAL = journalOf(STATES);

function predictionOf(prediction: string, result: PredictionRow['result'] = 'pending'): PredictionRow {
  return { id: 'p', matchId: 'm', prediction, result };
}

type Told = readonly [result: RevisionRow['result'], basis: string | null, version: number];

function revisionsOf(...list: readonly Told[]): RevisionRow[] {
  return list.map(([result, basis, version], n) => ({
    predictionId: 'p',
    revision: n + 1,
    result,
    basis,
    epoch: 0,
    version,
    supersedes: n === 0 ? null : n,
    told: list.slice(0, n + 1).some(([one]) => one !== 'pending'),
    fingerprint: `${result} ${basis} ${n}`,
  }));
}

/** Won by the first goal, open after the VAR, won again. */
const OVER = revisionsOf(['won', '1-0', 2], ['pending', null, 3], ['won', '1-0', 4]);
const faults = (findings: readonly Finding[]) => findings.map(({ text }) => text.replace(/^m "[^"]*" p: /, ''));

describe('the result of a prediction', () => {
  it.each([
    ['MS 0.5 ÜST', [1], 'won'],
    ['MS 2.5 ALT', [1], 'pending'],
    ['MS 0', [1], 'pending'],
    ['MS 0', [6], 'won'],
    ['MS 2 ÜST', [5], 'pending'],
    ['MS 2 ÜST', [6], 'cancelled'],
    ['KG VAR', [4], 'pending'],
    ['KG VAR', [5], 'won'],
    ['BTTS NO', [5], 'lost'],
    ['IY 0.5 ÜST', [1], 'won'],
    ['IY 0.5 ÜST', [2], 'pending'],
    ['IY 1', [3], 'pending'],
    ['IY 1', [4], 'won'],
    ['IY KG VAR', [5], 'lost'],
  ] as const)('%s after state %j is %s', (prediction, [nth], expected) => {
    expect(resultOf(prediction, STATES[nth])).toBe(expected);
  });

  it('is open while a side may still catch up, however far it is behind', () => {
    expect(resultOf('MS 0', stateOf(4, [7, 0]))).toBe('pending');
    expect(resultOf('MS 2', stateOf(4, [7, 0]))).toBe('pending');
  });

  it('is there for every market when the match is over, and for none before it began', () => {
    for (const prediction of Object.keys(PREDICTED)) {
      expect(resultOf(prediction, STATES[6])).not.toBe('pending');
      expect(resultOf(prediction, stateOf(1, [0, 0]))).toBe('pending');
    }
  });
});

describe('a half-time', () => {
  const after = (prediction: string, ...states: (typeof STATES)[number][]) =>
    expectedResult(prediction, states.at(-1) as (typeof STATES)[number], states);

  it('decides when it is no less than what was committed in the half', () => {
    expect(after('IY X', stateOf(2, [1, 0]), stateOf(4, [2, 1], [1, 1]))).toBe('won');
    expect(after('IY X', stateOf(4, [2, 1], [1, 1]))).toBe('won');
  });

  it('decides below that only when the goal was seen taken back', () => {
    expect(after('IY X', stateOf(2, [2, 1]), stateOf(4, [2, 1], [1, 1]))).toBe('pending');
    expect(after('iy 1,5 üst', stateOf(2, [1, 0]), stateOf(8, [2, 1], [0, 0]))).toBe('pending');
    expect(after('IY X', stateOf(2, [2, 1]), stateOf(4, [1, 1], [1, 1]), stateOf(8, [3, 1], [1, 1]))).toBe('won');
    expect(after('IY X', stateOf(2, [2, 1]), stateOf(3, [1, 1], [1, 1]), stateOf(8, [3, 1], [1, 1]))).toBe('won');
  });

  it('leaves what play decided, and the markets of the match', () => {
    expect(after('IY 0.5 ÜST', stateOf(2, [2, 1]), stateOf(8, [2, 1], [1, 1]))).toBe('won');
    expect(after('MS 1', stateOf(2, [2, 1]), stateOf(8, [2, 1], [1, 1]))).toBe('won');
  });
});

describe('the look at revisions', () => {
  const findings = (revisions: readonly RevisionRow[], prediction = 'MS 0.5 ÜST', journal = JOURNAL) =>
    faults(revisionFindings(predictionOf(prediction), revisions, journal));
  const changed = (nth: number, change: Partial<RevisionRow>) =>
    OVER.map((revision, n) => (n === nth ? { ...revision, ...change } : revision));

  it('accepts a result that was taken back with its goal, and given again', () => {
    expect(findings(OVER)).toEqual([]);
    expect(reversalsOf(OVER)).toBe(1);
    expect(findings(revisionsOf(['lost', '1-0', 5]), 'IY X')).toEqual([]);
  });

  it.each([
    ['a revision that is missing', 1, { revision: 3 }],
    ['a revision that does not follow the one before', 1, { supersedes: null }],
    ['a revision that says the same again', 1, { fingerprint: OVER[0]?.fingerprint }],
    ['a first result that is told again', 1, { told: false }],
    ['a result that nobody is told of', 0, { told: false }],
  ] as const)('finds %s', (_, nth, change) => {
    expect(findings(changed(nth, change))).toContainEqual(expect.stringMatching(/^settled twice: /));
  });

  it.each([
    ['a version that was never committed', 2, { version: 9 }],
    ['a version of another epoch', 2, { epoch: 1 }],
    ['a score that never was', 2, { basis: '2-0' }],
    ['a score that decides something else', 2, { basis: '0-0' }],
    ['a decision without a score', 2, { basis: null }],
    ['a score that was committed only later', 0, { basis: '1-1' }],
    ['a result that its version does not give', 0, { version: 1 }],
    ['a result that its version took back', 2, { version: 3 }],
    ['a result that its version gives and that was taken back', 1, { version: 2 }],
  ] as const)('finds %s', (_, nth, change) => {
    expect(findings(changed(nth, change))).toEqual([expect.stringMatching(/^from an uncommitted score: /)]);
  });

  it('finds a result that came and went between two looks, and was left out', () => {
    const alone = revisionsOf(['won', '1-0', 4]);
    expect(findings(alone)).toEqual([expect.stringMatching(/^skipped: the journal makes it won pending won, it /)]);
    expect(findings([])).toEqual([expect.stringMatching(/^skipped: .* it became nothing/)]);
  });

  it('finds a half that was decided by the score of the match', () => {
    expect(findings(revisionsOf(['won', '1-1', 7]), 'IY KG VAR')).toHaveLength(1);
  });

  it('finds a result of a match that nobody saw played', () => {
    const ended = journalOf([STATES[6]]);
    expect(findings(revisionsOf(['won', '1-1', 1]), 'MS 0.5 ÜST', ended)).toHaveLength(1);
    expect(findings(revisionsOf(['pending', null, 1]), 'MS 0.5 ÜST', ended)).toEqual([]);
  });
});

const rowOf = (nth: number) => ({ matchId: 'm', ...STATES[nth as 0] }) as unknown as MatchRow;
const frameOf = (nth: number) => STATES[nth as 0] as unknown as Frame;

describe('the look at results', () => {
  const results = (row: number, truth: number, mine: PredictionRow, revisions: RevisionRow[], journal = JOURNAL) =>
    faults(resultFinding(mine, revisions, { row: rowOf(row), truth: frameOf(truth), journal }));

  it('accepts what row and truth give', () => {
    expect(results(6, 6, predictionOf('MS 0.5 ÜST', 'won'), OVER)).toEqual([]);
    expect(results(5, 5, predictionOf('MS 1'), [])).toEqual([]);
  });

  it('finds another result', () => {
    const lost = revisionsOf(['lost', '1-1', 7]);
    expect(results(6, 6, predictionOf('MS 0', 'lost'), lost)).toEqual([expect.stringMatching(/^wrong: /)]);
    expect(results(5, 5, predictionOf('MS 1', 'lost'), lost)).toEqual([expect.stringMatching(/^wrong: /)]);
  });

  it('finds a prediction that is pending though it could be decided', () => {
    const pending = [expect.stringMatching(/^pending, could be decided: /)];
    expect(results(6, 6, predictionOf('MS 0'), [])).toEqual(pending);
    expect(results(5, 5, predictionOf('MS 0.5 ÜST'), OVER.slice(0, 2))).toEqual(pending);
  });

  it('finds a row that says another thing than the newest revision, or truth than the row', () => {
    expect(results(6, 6, predictionOf('MS 0.5 ÜST'), OVER)).toHaveLength(1);
    expect(results(6, 6, predictionOf('MS 0.5 ÜST', 'won'), OVER.slice(0, 2))).toHaveLength(1);
    expect(results(5, 6, predictionOf('MS 0'), [])).toHaveLength(1);
  });

  it('finds a result of a match that nobody saw played', () => {
    const ended = journalOf([STATES[6]]);
    expect(results(6, 6, predictionOf('MS 0'), [], ended)).toEqual([]);
    expect(results(6, 6, predictionOf('MS 0', 'won'), revisionsOf(['won', '1-1', 1]), ended)).toHaveLength(1);
  });
});

const SEEN: SeenPrediction = {
  host: 'host',
  connection: 1,
  type: 'PREDICTION_SETTLED',
  predictionId: 'p',
  matchId: 'm',
  revision: 1,
  result: 'won',
};

describe('the look at what clients were told of predictions', () => {
  const findings = (...seen: readonly SeenPrediction[]) =>
    faults(settlementFrameFindings(seen, new Map([['p', OVER]])));
  const later = { ...SEEN, type: 'PREDICTION_UPDATED', revision: 2, result: 'pending' } as const;

  it('accepts a first result and what follows it, once for each connection', () => {
    expect(findings(SEEN, later, { ...SEEN, connection: 2 }, { ...SEEN, host: 'other' })).toEqual([]);
  });

  it('finds a first result that one connection brought twice', () => {
    expect(findings(SEEN, SEEN)).toHaveLength(1);
  });

  it('finds a revision that was never committed, and a prediction without any', () => {
    expect(findings({ ...later, revision: 4 })).toHaveLength(1);
    expect(findings({ ...SEEN, predictionId: 'q' })).toHaveLength(1);
  });

  it('finds another result than the revision says, and a revision told in the wrong place', () => {
    expect(findings({ ...SEEN, result: 'lost' })).toHaveLength(1);
    expect(findings({ ...SEEN, revision: 3 })).toHaveLength(1);
    expect(findings({ ...later, revision: 1, result: 'won' })).toHaveLength(1);
  });
});

describe('the settlement of a round', () => {
  const truth = { nthOf: () => 6, frame: (_: string, nth: number) => frameOf(nth) };
  const read = (prediction: PredictionRow, revisions: readonly RevisionRow[]) =>
    Settlement.read(
      {
        predictions: async () => [prediction],
        revisions: async () => revisions,
        matches: async () => new Map([['m', rowOf(6)]]),
        journal: async () => JOURNAL,
      } as unknown as MatchDatabase,
      ['m'],
    );

  it('is right, and counted', async () => {
    const settlement = await read(predictionOf('MS 0.5 ÜST', 'won'), OVER);
    expect(settlement.findings(truth, [SEEN])).toEqual([]);
    expect(settlement.counts([SEEN])).toEqual({ predictions: 1, settled: 1, reversed: 1, told: 1 });
  });

  it('is wrong in its results, its revisions and its frames', async () => {
    const settlement = await read(predictionOf('MS 0.5 ÜST'), OVER.slice(1));
    const found = settlement.findings(truth, [{ ...SEEN, revision: 9 }]);
    expect(found.map(({ kind }) => kind)).toEqual(found.map(() => 'wrong-settlement'));
    const starts = [/^pending/, /^settled twice/, /^settled twice/, /^told of a revision/];
    expect(faults(found)).toEqual(starts.map((start) => expect.stringMatching(start)));
  });
});

describe('the summary of a run', () => {
  const counts = { predictions: 3, settled: 2, reversed: 1, told: 2 };
  const resultWith = (findings: readonly Finding[]) =>
    ({
      fault: { name: 'kill-9' },
      recoveries: [],
      settlement: counts,
      findings,
    }) as unknown as FaultResult;

  it('counts what became of predictions, for each fault and for all', () => {
    const summary = summarize(1, 2, [resultWith([]), resultWith([])]);
    expect(summary.faults['kill-9']?.settlement).toEqual({ ...counts, wrong: 0 });
    expect(summary.settlement).toEqual({ predictions: 6, settled: 4, reversed: 2, told: 4, wrong: 0 });
    expect(isRight(summary)).toBe(true);
  });

  it('is not right with one wrong settlement', () => {
    const summary = summarize(1, 1, [resultWith([{ kind: 'wrong-settlement', text: '' }])]);
    expect(summary.settlement.wrong).toBe(1);
    expect(isRight(summary)).toBe(false);
  });
});
