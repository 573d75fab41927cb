import { describe, expect, it } from '@jest/globals';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { VirtualMatch } from '../../test/support/virtual-match.js';
import { NO_CIRCUMSTANCES } from './decide.js';
import { DEFAULT_GUARD_LIMITS } from './guard-limits.js';
import { acceptedAfterAll, asked, hear } from './hear.js';
import { NOTHING_HEARD, notAhead } from './heard.js';
import { disputedSinceMs } from './lasting-refusals.js';
import { DUPLICATE } from './outcomes.js';
import { toJudgeAgain } from './second-look.js';

const end = { status: 8 as const, home: slots(2), away: slots(1) };
const late = { ...end, status: 4 as const };

function ended(): VirtualMatch {
  const match = new VirtualMatch(T);
  match.push(end);
  match.nowS += 3_600;
  return match;
}

describe('what is heard of a match', () => {
  it('is the newest push, refused or not, with its known corners', () => {
    const match = ended();
    expect(match.heard.newest).toMatchObject({ status: 8, refused: false, receivedAtMs: T * 1000 });
    match.push({ ...late, home: slots(2, { corners: -1 }) });
    expect(match.heard.newest).toMatchObject({ status: 4, refused: true, home: slots(2) });
  });

  it('the run goes on with the same or a later status and no count falling, else it starts again', () => {
    const lengths = (...said: object[]) => {
      const match = ended();
      return said.map((more) => {
        match.push({ ...late, ...more });
        return match.heard.run.length;
      });
    };
    expect(lengths({}, {}, { home: slots(3) }, { status: 5, home: slots(3) }, { status: 8, home: slots(3) })).toEqual([
      1, 2, 3, 4, 0,
    ]);
    expect(lengths({}, { home: slots(1) }, {}, { status: 3 })).toEqual([1, 1, 2, 1]);
    expect(lengths({}, { away: slots(0) })).toEqual([1, 1]);
  });

  it('a question about a last word out of play stays open while the provider may be stuck: 64 times its lag', () => {
    const match = ended();
    match.push({ ...end, home: slots(1) });
    expect(match.heard.question).not.toBeNull();
    for (const [afterS, said] of [
      [31, end],
      [1_000, { ...end, status: 4 as const }],
      [64 * 30 + 30, end],
    ] as const) {
      match.nowS += afterS;
      match.pull(said);
      expect([afterS, match.heard.question !== null]).toEqual([afterS, afterS < 1_900]);
    }
  });

  it('a long run keeps its beginning and no more than 64 pushes', () => {
    const match = ended();
    for (let n = 0; n < 100; n++) {
      match.nowS += 0.1;
      match.push(late);
    }
    expect(match.heard.run).toHaveLength(64);
    expect(match.heard.run[0]?.receivedAtMs).toBe((T + 3_600) * 1000 + 100);
    expect(match.heard.refusals?.count).toBe(100);
  });

  it.each([{ redelivered: true as const }, { feedBehind: true }])('%j stays out of the run and still asks', (more) => {
    const match = ended();
    match.push(late);
    match.push({ ...late, home: slots(3), ...more });
    expect(match.heard).toMatchObject({ newest: { home: slots(3), refused: true }, refusals: { count: 1 } });
    expect(match.heard.run).toHaveLength(1);
    expect(match.heard.question).not.toBeNull();
  });

  it('a copy of what the row says proves nothing when it was redelivered', () => {
    const match = ended();
    match.push(late);
    match.push({ ...end, redelivered: true });
    expect(match.heard.run).toHaveLength(1);
    match.push(end);
    expect(match.heard).toMatchObject({ run: [], refusals: null });
  });

  it('what is provably old, parked, of nobody’s status or not of the feed is not heard', () => {
    const match = new VirtualMatch(T);
    match.push({ ...end, providerTimeS: T });
    const { heard } = match;
    match.push({ ...late, providerTimeS: T - 1 });
    match.push({ ...late, waited: true });
    match.push({ status: 6 });
    match.push({ ...late, source: 'computed' });
    expect(match.heard).toBe(heard);
  });

  it('a refusal of what the row says is none', () => {
    const match = ended();
    match.state = {
      ...match.state,
      scoreSource: 'api',
      scoreSourceAtS: match.nowS,
      kickoffs: { firstHalfS: T, secondHalfS: null, overtimeS: null },
    };
    match.state = { ...match.state, kickoffSources: { firstHalf: 'mqtt' }, status: 7, home: slots(2), away: slots(2) };
    expect(match.push({ status: 7, home: slots(2), away: slots(2) })).toBe('applied/changed');
    expect(match.heard.newest?.refused).toBe(false);
  });

  it('the last eight ends are kept, each once', () => {
    const match = ended();
    for (let goals = 3; goals < 12; goals++) {
      match.push({ ...end, home: slots(goals) });
      match.push({ ...end, home: slots(goals) });
    }
    expect(match.heard.ends.map(({ home }) => home[0])).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('the provider empties the run when it confirms the row, 30 s after the newest of it', () => {
    for (const [seconds, length] of [
      [29, 1],
      [30, 0],
    ] as const) {
      const match = ended();
      match.push(late);
      match.nowS += seconds;
      match.pull(end);
      expect(match.heard.run).toHaveLength(length);
    }
  });

  it('the provider settles the refusals when it brings the row to what the feed says', () => {
    const match = ended();
    match.push({ ...end, home: slots(1) });
    match.nowS += 120;
    match.pull({ ...end, home: slots(1) });
    expect(match.heard).toMatchObject({ run: [], refusals: null, newest: { refused: false }, question: null });
    expect(match.heard.listedAtMs).toBe(match.nowS * 1000);
  });

  it('a push that is accepted when it is judged once more counts as accepted', () => {
    const match = ended();
    match.push(late);
    expect(acceptedAfterAll(match.heard)).toMatchObject({ newest: { refused: false }, run: [], refusals: null });
    expect(acceptedAfterAll(NOTHING_HEARD).newest).toBeNull();
  });

  it('without a request time an answer counts from its receipt', () => {
    const match = ended();
    match.push(late);
    const pull = { ...(match.heard.newest?.update as never as object), delivery: 'pull', requestedAtMs: null } as never;
    const lag = { restLagMs: 30_000 };
    expect(toJudgeAgain(match.heard, pull, lag)).toMatchObject({ score: { status: 4 } });
    expect(toJudgeAgain(NOTHING_HEARD, pull, lag)).toBeNull();
    const context = { ...NO_CIRCUMSTANCES, ...lag, nowMs: match.nowS * 1000 };
    expect(hear(match.heard, pull, DUPLICATE, match.state, context).listedAtMs).toBe(match.nowS * 1000);
    const later = { ...(pull as object), receivedAtMs: (match.nowS + 30) * 1000 } as never;
    expect(toJudgeAgain(match.heard, later, lag)).toBeNull();
  });

  it('times ahead of the clock become now', () => {
    const match = ended();
    match.push(late);
    match.pull(end);
    const nowMs = T * 1000 + 1;
    expect(notAhead(asked(match.heard, match.nowS * 1000), nowMs)).toMatchObject({
      newest: { receivedAtMs: nowMs },
      accepted: { receivedAtMs: T * 1000 },
      question: { openAtMs: nowMs, firstAskedAtMs: nowMs, askedAtMs: nowMs },
      listedAtMs: nowMs,
      refusals: { sinceMs: nowMs },
    });
    const unasked = ended();
    unasked.push(late);
    expect(notAhead(unasked.heard, nowMs)).toMatchObject({ question: { firstAskedAtMs: null, askedAtMs: null } });
    const accepted = ended();
    expect(notAhead(accepted.heard, 5)).toMatchObject({ newest: { receivedAtMs: 5 }, question: null, refusals: null });
    const listed = new VirtualMatch(T);
    listed.pull(end);
    expect(notAhead(listed.heard, 5)).toMatchObject({ newest: null, accepted: null, listedAtMs: 5 });
    expect(notAhead(match.heard, match.nowS * 1000)).toBe(match.heard);
  });
});

describe('refusals that last', () => {
  const disputed = ({ heard, nowS }: VirtualMatch) => disputedSinceMs(heard, nowS * 1000, DEFAULT_GUARD_LIMITS);

  it('are consecutive, of whatever content, for a minute', () => {
    const match = ended();
    expect(disputed(match)).toBeNull();
    const sinceMs = match.nowS * 1000;
    for (const [n, corners] of [9, 2, 5].entries()) {
      match.nowS += n * 10;
      match.push({ ...late, home: slots(2, { corners }), provider: 'answering' });
    }
    match.pull({ ...end });
    match.nowS += 29;
    expect(disputed(match)).toBeNull();
    match.nowS += 1;
    expect(disputed(match)).toBe(sinceMs);
  });

  it('two refusals are none, however long ago', () => {
    const match = ended();
    match.push(late);
    match.push(late);
    match.nowS += 600;
    expect(disputed(match)).toBeNull();
  });
});
