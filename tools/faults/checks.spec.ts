import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { announcementFindings, untoldGoals } from './checks/announcements.js';
import { Effects } from './checks/effects.js';
import type { Finding } from './checks/finding.js';
import { journalFindings } from './checks/journal.js';
import { wrongRows } from './checks/rows.js';
import { planLoad } from './model/load-plan.js';
import type { Frame, MatchHistory } from './model/match-history.js';
import { malformedMessage, messageOf } from './model/message.js';
import type { JournalEntry, MatchDatabase, MatchRow } from './parts/match-database.js';
import type { Screen, SeenFrame } from './parts/screen.js';

const KICKOFFS = { firstHalfS: 1_768_662_000, secondHalfS: 1_768_665_600 };
const SHAPE = { matches: 5, framesPerMatch: 40, unknownMatches: 1, repeats: 0.1, late: 0.1 };

/** 0-0, 1-0, 2-0, 1-0 (VAR), 1-1 */
const GOALS: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [2, 0],
  [1, 0],
  [1, 1],
];
const history: MatchHistory = {
  matchId: 'm',
  kickoffs: KICKOFFS,
  frames: GOALS.map(([home, away], n) => ({
    matchId: 'm',
    nth: n + 1,
    status: 2,
    home: [home, 0, 0, 0, n + 1, 0, 0],
    away: [away, 0, 0, 0, 0, 0, 0],
    kickoffS: KICKOFFS.firstHalfS,
  })),
};
const frame = (nth: number) => history.frames[nth - 1] as Frame;
const truth = { history: () => history, frame: (_: string, nth: number) => history.frames[nth - 1] };

/** The journal of a host that wrote these frames, in this order. */
function journalOf(...numbers: readonly number[]): JournalEntry[] {
  const scoreOf = (nth: number) => ({
    status: frame(nth).status,
    home: frame(nth).home,
    away: frame(nth).away,
    kickoffs: [KICKOFFS.firstHalfS, null, null],
  });
  return numbers.map((nth, n) => ({
    matchId: 'm',
    epoch: 0,
    version: n + 1,
    source: 'mqtt',
    before: n === 0 ? null : scoreOf(numbers[n - 1] as number),
    after: scoreOf(nth),
    catchUp: false,
    committedAtMs: 1_000 * n,
  }));
}

function told(version: number, type: string, homeScore: number, awayScore: number): SeenFrame {
  const content = { homeScore, awayScore, statusId: 2 };
  return { host: 'host', atMs: 0, type, matchId: 'm', epoch: 0, version, content };
}

const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);

describe('the load of a round', () => {
  it('is the same for the same seed, and another for another', () => {
    const plan = (seed: number) => JSON.stringify(planLoad('r', SHAPE, 1_800_000_000, new SeededRandom(seed)).messages);
    expect(plan(7)).toBe(plan(7));
    expect(plan(7)).not.toBe(plan(8));
  });

  it('tells every match to its end, in order but for repeats of the newest and frames of periods that are over', () => {
    const plan = planLoad('r', SHAPE, 1_800_000_000, new SeededRandom(1));
    const newest = new Map<string, Frame>();
    for (const { kind, frames } of plan.messages) {
      for (const now of frames) {
        const last = newest.get(now.matchId);
        if (kind === 'news') expect(now.nth).toBe((last?.nth ?? 0) + 1);
        if (kind === 'repeat') expect(now.nth).toBe(last?.nth);
        if (kind === 'late') expect(now.status).toBeLessThan(last?.status ?? 0);
        if (kind === 'news') newest.set(now.matchId, now);
      }
    }
    expect([...newest.values()].map(({ nth }) => nth)).toEqual(Array.from({ length: 5 }, () => 40));
    expect(new Set(plan.messages.map(({ payload }) => payload)).size).toBe(plan.messages.length);
  });
});

describe('the look at the journal', () => {
  it('accepts a history with steps left out', () => {
    expect(journalFindings(journalOf(1, 2, 4, 5), truth)).toEqual([]);
    expect(journalFindings(journalOf(5), truth)).toEqual([]);
  });

  it('finds a goal taken back by an older frame, and the goal told again after it', () => {
    expect(kinds(journalFindings(journalOf(1, 2, 1, 2), truth))).toEqual(['false-cancellation']);
    expect(kinds(journalFindings(journalOf(1, 4, 3, 5), truth))).toEqual(['duplicated']);
  });

  it('finds a state that never was, and a version that is missing', () => {
    const [entry] = journalOf(2) as [JournalEntry];
    const invented = { ...entry, after: { ...entry.after, away: [3, 0, 0, 0, 0, 0, 0] } };
    expect(kinds(journalFindings([invented], truth))).toEqual(['wrong-row']);
    const [first, , third] = journalOf(1, 2, 4) as [JournalEntry, JournalEntry, JournalEntry];
    expect(kinds(journalFindings([first, third], truth))).toEqual(['broken']);
  });
});

describe('the look at what clients were told', () => {
  const journal = journalOf(1, 2, 4, 5);

  it('accepts a version told again with the same content', () => {
    const goal = told(2, 'GOAL', 1, 0);
    expect(announcementFindings([goal, told(2, 'SCORE_CHANGE', 1, 0), goal], journal)).toEqual([]);
  });

  it('finds a version with two contents, and one that was never committed', () => {
    expect(kinds(announcementFindings([told(2, 'GOAL', 1, 0), told(2, 'GOAL', 2, 0)], journal))).toEqual([
      'duplicated',
    ]);
    expect(kinds(announcementFindings([told(9, 'SCORE_CHANGE', 1, 0)], journal))).toEqual(['duplicated']);
  });

  it('finds a cancellation that the version does not know', () => {
    expect(kinds(announcementFindings([told(3, 'GOAL_CANCELLED', 0, 0)], journal))).toEqual(['false-cancellation']);
  });

  it('finds goals nobody was told of, but for those committed before the clients were back', () => {
    const screen = (frames: SeenFrame[], gaps: Screen['gaps'] = []) => ({ frames, gaps }) as unknown as Screen;
    const untold = (unheardMs: number | undefined, ...screens: Screen[]) =>
      untoldGoals(screens, journal, unheardMs).map(({ version }) => version);
    const versions = (...screens: Screen[]) => untold(undefined, ...screens);
    expect(versions(screen([told(4, 'GOAL', 1, 1)]))).toEqual([2]);
    expect(versions(screen([told(4, 'GOAL', 1, 1)], [{ fromMs: 500, untilMs: 1_500 }]))).toEqual([]);
    const late = screen([told(4, 'GOAL', 1, 1)], [{ fromMs: 1_400, untilMs: 1_600 }]);
    expect([untold(399, late), untold(401, late)]).toEqual([[2], []]);
  });
});

describe('the look at effects', () => {
  const row = (nth: number): MatchRow => ({
    matchId: 'm',
    version: nth,
    status: 2,
    home: frame(nth).home,
    away: frame(nth).away,
    columns: [frame(nth).home, frame(nth).away].flatMap(([goals, , , , corners]) => [
      goals,
      goals,
      0,
      0,
      0,
      0,
      corners,
    ]),
    kickoffs: [KICKOFFS.firstHalfS, null, null],
    stamped: true,
  });
  const database = (rows: readonly MatchRow[], letters: readonly object[] = [], journal: readonly object[] = []) =>
    ({
      matches: async () => new Map(rows.map((one) => [one.matchId, one])),
      deadLetters: async () => letters,
      journal: async () => journal,
    }) as unknown as MatchDatabase;
  const lost = async (where: MatchDatabase, ...nths: readonly number[]) => {
    const messages = [...nths.map((nth) => messageOf(nth, 'news', [frame(nth)])), malformedMessage(8, frame(1))];
    const effects = await Effects.read(where, ['m']);
    return messages.filter((message) => !effects.contain(message)).length;
  };

  it('are in the row, in a newer state of it, or in a dead letter', async () => {
    const malformed = { reason: 'malformed', matchId: null, payload: malformedMessage(8, frame(1)).payload };
    const parked = { reason: 'unknown-match', matchId: 'm', payload: messageOf(3, 'news', [frame(3)]).payload };
    expect(await lost(database([row(3)], [malformed]), 2, 3)).toBe(0);
    expect(await lost(database([], [malformed, parked]), 2, 3)).toBe(0);
    expect(await lost(database([row(3)], [malformed]), 4)).toBe(1);
    expect(await lost(database([row(5)]), 1)).toBe(1);
  });

  it('are nowhere when the kick-off that a frame brought is unknown, however new the row', async () => {
    const forgetful = { ...row(5), kickoffs: [null, KICKOFFS.secondHalfS, null] };
    const parked = { reason: 'unknown-match', matchId: 'm', payload: messageOf(3, 'news', [frame(3)]).payload };
    expect(await lost(database([forgetful]), 2)).toBe(2);
    expect(await lost(database([forgetful], [parked]), 2)).toBe(1);
  });

  it('need no kick-off of a period that a pulled answer was first to call over', async () => {
    const forgetful = { ...row(5), kickoffs: [null, KICKOFFS.secondHalfS, null] };
    const [entry] = journalOf(5) as [JournalEntry];
    const over = (source: string) => [
      { ...entry, source, after: { ...entry.after, status: 4, kickoffs: [null, 1, null] } },
    ];
    expect(await lost(database([forgetful], [], over('api')), 2)).toBe(1);
    expect(await lost(database([forgetful], [], over('mqtt')), 2)).toBe(2);
  });

  it('end in the last frame of the match', async () => {
    expect(await wrongRows(database([row(5)]), [history])).toEqual([]);
    expect(kinds(await wrongRows(database([row(4)]), [history]))).toEqual(['wrong-row']);
    expect(kinds(await wrongRows(database([{ ...row(5), kickoffs: [1, null, null] }]), [history]))).toEqual([
      'wrong-row',
    ]);
    expect(kinds(await wrongRows(database([{ ...row(5), stamped: false }]), [history]))).toEqual(['wrong-row']);
    expect(kinds(await wrongRows(database([]), [history]))).toEqual(['wrong-row']);
  });

  it('are in every count that readers use', async () => {
    for (const [n] of row(5).columns.entries()) {
      const columns = row(5).columns.map((count, at) => (at === n ? 9 : count));
      expect(kinds(await wrongRows(database([{ ...row(5), columns }]), [history]))).toEqual(['wrong-row']);
    }
  });
});
