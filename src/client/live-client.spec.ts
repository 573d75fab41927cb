import { describe, expect, it } from '@jest/globals';
import { ClientUnderTest, WELCOME } from '../../test/client/client-under-test.js';
import { changeFrame, goalFrame, matchView, SAMPLE_CLOCK, snapshotFrame } from '../../test/client/frames.js';
import type { MatchView, PredictionView } from '../broadcast/ports/match-frames.js';
import type { LiveClientOptions } from './live-client.options.js';

/** A client that follows m1 and holds it. */
function holding(view: MatchView, options: Partial<LiveClientOptions> = {}): ClientUnderTest {
  const test = new ClientUnderTest(options);
  test.open();
  answer(test, view);
  return test;
}

function answer(test: ClientUnderTest, ...views: MatchView[]): void {
  test.socket.tell(snapshotFrame(views, { id: test.lastId }));
}

const card = { key: 'k', cardType: 'RED', time: 3, team: 'home', playerId: null, playerName: null } as const;
const details = { type: 'DETAILS', matchId: 'm1', timestamp: 1, cards: [], substitutions: [], predictions: [] };
const clockFrame = (position: string, clock: object = SAMPLE_CLOCK) => ({
  type: 'CLOCK',
  matchId: 'm1',
  position,
  clock,
  timestamp: 1,
});

describe('the state of a match', () => {
  it('is what the snapshot shows, then what each change says', () => {
    const test = holding(matchView('1.1', { cards: [card] }));
    expect(test.client.match('m1')).toEqual(matchView('1.1', { cards: [card] }));
    test.socket.tell(changeFrame('1.1', '1.2', { statusId: 3, homeScore: 1 }));
    expect(test.client.match('m1')).toEqual(matchView('1.2', { cards: [card], statusId: 3, homeScore: 1 }));
    expect(test.told('gap')).toEqual([]);
    expect(test.client.match('m2')).toBeUndefined();
  });

  it('is an object that never changes, and the same one until something does', () => {
    const test = holding(matchView('1.1'));
    const [match, matches] = [test.client.match('m1'), test.client.matches()];
    expect(test.client.match('m1')).toBe(match);
    expect(test.client.matches()).toBe(matches);
    test.socket.tell(changeFrame('1.1', '1.2'));
    expect(match?.position).toBe('1.1');
    expect(matches).toEqual([match]);
    expect(test.client.matches()).toEqual([matchView('1.2')]);
    expect(Object.isFrozen(test.client.match('m1'))).toBe(true);
  });

  it('is told to those who watch it, and to those who watch every match', () => {
    const test = new ClientUnderTest({ select: { all: true } });
    const seen: string[] = [];
    const off = test.client.subscribeTo('m1', () => seen.push(`m1 ${test.client.match('m1')?.position}`));
    test.client.subscribeTo(null, () => seen.push('any'));
    test.open();
    answer(test, matchView('1.1'), matchView('1.1', { matchId: 'm2' }));
    off();
    off();
    test.socket.tell(changeFrame('1.1', '1.2'));
    expect(seen).toEqual(['m1 1.1', 'any', 'any', 'any']);
  });

  it('is not that of an older or the same position', () => {
    const test = holding(matchView('1.5', { homeScore: 2 }));
    const before = test.client.match('m1');
    test.socket.tell(
      changeFrame('1.3', '1.4', { homeScore: 1 }),
      changeFrame('1.4', '1.5', { homeScore: 1 }),
      snapshotFrame([matchView('1.4', { homeScore: 1 })]),
      clockFrame('1.4', { ...SAMPLE_CLOCK, startedAt: 5 }),
    );
    expect(test.client.match('m1')).toBe(before);
    expect(test.told('gap')).toEqual([]);
  });

  it('is that of a newer epoch, whatever its version', () => {
    const test = holding(matchView('1.50', { homeScore: 2 }));
    test.socket.tell(changeFrame('1.50', '2.1', { homeScore: 1 }), changeFrame('1.50', '1.51', { homeScore: 3 }));
    expect(test.client.match('m1')).toMatchObject({ position: '2.1', homeScore: 1 });
  });

  it('is restated at the same position when somebody else wrote it', () => {
    const test = holding(matchView('1.5'));
    test.socket.tell(changeFrame('1.5', '1.5', { homeScore: 1, restated: true }));
    expect(test.client.match('m1')).toMatchObject({ position: '1.5', homeScore: 1 });
    test.socket.tell(changeFrame('1.4', '1.4', { homeScore: 7, restated: true }));
    expect(test.client.match('m1')?.homeScore).toBe(1);
    expect(test.told('score')).toHaveLength(1);
    expect(test.told('gap')).toEqual([]);
  });

  it('has the lists of the newest DETAILS, and the clock of the newest CLOCK', () => {
    const test = holding(matchView('1.1'));
    const clock = { ...SAMPLE_CLOCK, addedAnnouncedMinutes: 4 };
    const named = { type: 'DETAILS', matchId: 'm1', timestamp: 1 };
    test.socket.tell({ ...details, cards: [card] }, clockFrame('1.1', clock), { ...details, matchId: 'm9' });
    test.socket.tell({ ...named, substitutions: [] }, named);
    expect(test.client.match('m1')).toEqual(matchView('1.1', { cards: [card], clock }));
    expect(test.told('clock')).toMatchObject([{ cause: 'clock' }]);
    expect(test.client.matches()).toHaveLength(1);
  });

  it('is forgotten only of the match that is unchanged for longest, beyond 5,000', () => {
    const test = new ClientUnderTest({ select: { all: true } });
    test.open();
    const views = Array.from({ length: 5_000 }, (_, index) => matchView('1.1', { matchId: `n${index}` }));
    answer(test, ...views);
    test.socket.tell(changeFrame('1.1', '1.2', { matchId: 'n0' }), changeFrame('1.0', '1.1', { matchId: 'new' }));
    expect(test.client.matches()).toHaveLength(5_000);
    expect(test.client.match('n1')).toBeUndefined();
    expect(test.client.match('n0')).toBeDefined();
  });
});

describe('what was missed', () => {
  it('is told when a change does not continue what is held, and asked for again', () => {
    const test = holding(matchView('1.1'));
    test.socket.tell(changeFrame('1.3', '1.4', { homeScore: 2 }));
    expect(test.client.match('m1')).toMatchObject({ position: '1.4', homeScore: 2 });
    expect(test.told('gap')).toEqual([{ matchId: 'm1', had: '1.1', position: '1.4', cause: 'missed' }]);
    test.timers.advance(1_000);
    expect(test.asked.slice(1)).toMatchObject([{ matches: ['m1'], since: { m1: '1.1' } }]);
    answer(test, matchView('1.4', { homeScore: 2, cards: [card] }));
    expect(test.client.match('m1')?.cards).toEqual([card]);
    expect(test.client.state).toBe('live');
  });

  it('is asked for from where it began, also when the connection is lost before the answer', () => {
    const test = holding(matchView('1.1'));
    test.socket.tell(changeFrame('1.3', '1.4'), changeFrame('1.4', '1.5'));
    test.timers.advance(1_000);
    test.reconnect();
    expect(test.asked).toMatchObject([{ since: { m1: '1.1' } }]);
    answer(test);
    test.reconnect();
    expect(test.asked).toMatchObject([{ since: { m1: '1.5' } }]);
  });

  it('is asked for at most once a second', () => {
    const test = holding(matchView('1.1'));
    for (let version = 3; version < 103; version += 2) {
      test.socket.tell(changeFrame(`1.${version - 1}`, `1.${version}`), { type: 'PING', timestamp: 1 });
      test.timers.advance(100);
    }
    expect(test.told('gap')).toHaveLength(50);
    expect(test.asked).toHaveLength(1 + 5);
  });

  it('is told of a clock that is ahead of what is held', () => {
    const test = holding(matchView('1.1'));
    test.socket.tell(clockFrame('1.3', { ...SAMPLE_CLOCK, startedAt: 5 }));
    expect(test.client.match('m1')?.clock).toEqual(SAMPLE_CLOCK);
    expect(test.told('gap')).toHaveLength(1);
    test.timers.advance(1_000);
    expect(test.asked).toHaveLength(2);
  });

  it('is nothing when versions are conflated', () => {
    const test = holding(matchView('1.1'));
    test.socket.tell(changeFrame('1.1', '1.9', { conflated: true, homeScore: 3 }));
    expect(test.client.match('m1')?.position).toBe('1.9');
    expect(test.told('gap')).toEqual([]);
  });

  it('is the lists of a match that a change brought up: they are asked for, and no gap', () => {
    const test = new ClientUnderTest({ select: { all: true } });
    test.open();
    answer(test);
    test.socket.tell(goalFrame('1.0', '1.1', 1));
    expect(test.client.match('m1')).toMatchObject({ position: '1.1', cards: [], competitionId: null });
    expect(test.told('goal')).toHaveLength(1);
    test.reconnect();
    expect(test.asked).toMatchObject([{ all: true }]);
    expect(test.asked[0]?.since).toEqual({});
  });
});

describe('a client that comes back', () => {
  it('resumes from the positions that it holds, and takes the newest state', () => {
    const test = holding(matchView('1.1'));
    test.reconnect();
    expect(test.asked).toMatchObject([{ matches: ['m1'], since: { m1: '1.1' } }]);
    expect(test.client.state).toBe('resuming');
    answer(test, matchView('1.4', { homeScore: 2 }));
    expect(test.client.match('m1')?.position).toBe('1.4');
    expect(test.told('score')).toMatchObject([
      { cause: 'snapshot', previous: { homeScore: 0 }, match: { homeScore: 2 }, events: [] },
    ]);
    expect(test.told('goal')).toEqual([]);
    expect(test.told('gap')).toEqual([]);
  });

  it('replaces what the server cannot continue from, also by an older position, and says so', () => {
    const test = holding(matchView('1.9', { homeScore: 2 }));
    test.reconnect();
    test.socket.tell(snapshotFrame([matchView('1.4', { homeScore: 1 })], { id: test.lastId, recovered: false }));
    expect(test.client.match('m1')).toMatchObject({ position: '1.4', homeScore: 1 });
    expect(test.told('score')).toMatchObject([{ cause: 'reset' }]);
    expect(test.told('gap')).toEqual([{ matchId: 'm1', had: '1.9', position: '1.4', cause: 'reset' }]);
  });

  it('does not go back by a refusal of a position that it has left behind', () => {
    const test = holding(matchView('1.4'));
    test.reconnect();
    test.socket.tell(changeFrame('1.4', '1.5', { homeScore: 1 }));
    test.socket.tell(snapshotFrame([matchView('1.3')], { id: test.lastId, recovered: false }));
    expect(test.client.match('m1')?.position).toBe('1.5');
  });

  it('replaces what was lost from the database, told unasked, and what was refused after a gap', () => {
    const test = holding(matchView('1.9', { homeScore: 2 }));
    test.socket.tell(snapshotFrame([matchView('1.4', { homeScore: 1 })], { recovered: false }));
    expect(test.client.match('m1')?.position).toBe('1.4');
    test.socket.tell(changeFrame('1.7', '1.8'));
    test.reconnect();
    expect(test.asked[0]?.since).toEqual({ m1: '1.4' });
    test.socket.tell(snapshotFrame([matchView('1.2', { homeScore: 1 })], { id: test.lastId, recovered: false }));
    expect(test.client.match('m1')?.position).toBe('1.2');
  });

  it('asks without positions when they were refused three times, after a wait', () => {
    const test = holding(matchView('1.4'));
    const refuse = () => test.socket.tell(snapshotFrame([matchView('1.4')], { id: test.lastId, recovered: false }));
    for (let turn = 0; turn < 3; turn += 1) {
      test.reconnect();
      expect(test.asked[0]?.since).toEqual({ m1: '1.4' });
      refuse();
    }
    expect(test.client.state).toBe('waiting');
    expect(test.client.match('m1')?.position).toBe('1.4');
    test.page.setHidden(false);
    expect(test.client.state).toBe('waiting');
    test.timers.advance(test.timers.nextMs);
    test.socket.tell(WELCOME);
    expect(test.asked[0]?.since).toEqual({});
    answer(test, matchView('1.2', { homeScore: 1 }));
    expect(test.client.match('m1')).toMatchObject({ position: '1.2', homeScore: 1 });
    expect(test.told('gap')).toEqual([{ matchId: 'm1', had: '1.4', position: '1.2', cause: 'reset' }]);
    test.reconnect();
    expect(test.asked[0]?.since).toEqual({ m1: '1.2' });
  });

  it('asks without positions when the connection ended three times right after them, but not after a goodbye', () => {
    const test = holding(matchView('1.4'));
    test.reconnect();
    for (let turn = 0; turn < 5; turn += 1) {
      test.socket.tell({ type: 'GOODBYE', reason: 'shutdown', retryAfterMs: 1, timestamp: 1 });
      test.reconnect(1001);
      expect(test.asked[0]?.since).toEqual({ m1: '1.4' });
    }
    test.reconnect(1009);
    test.reconnect(1009);
    expect(test.asked[0]?.since).toEqual({ m1: '1.4' });
    test.reconnect(1009);
    expect(test.asked[0]?.since).toEqual({});
  });

  it('connects anew when a question is not answered in 20 s', () => {
    const test = new ClientUnderTest();
    test.open();
    test.timers.advance(15_000);
    test.socket.tell({ type: 'PING', timestamp: 1 });
    test.timers.advance(5_000);
    expect(test.client.state).toBe('waiting');
  });

  it.each(['REFUSED', 'UNAVAILABLE', 'INTERNAL'])('asks again in 5 s after %s, and is not live before', (code) => {
    const test = new ClientUnderTest({ select: { all: true } });
    test.open();
    test.client.subscribe({ matches: ['m7'] });
    test.timers.advance(1_000);
    test.socket.tell({ type: 'ERROR', id: test.asked[0]?.id, code, message: 'later', timestamp: 1 });
    answer(test, matchView('1.1', { matchId: 'm7' }));
    expect(test.client.state).toBe('resuming');
    test.timers.advance(4_999);
    expect(test.asked).toHaveLength(2);
    test.timers.advance(1);
    expect(test.asked.slice(2)).toMatchObject([{ all: true, matches: ['m7'], since: { m7: '1.1' } }]);
    answer(test, matchView('1.1'));
    expect(test.client.state).toBe('live');
    test.client.stop();
    expect(test.timers.count).toBe(0);
  });

  it('tells what the server does not allow, and goes on with the rest', () => {
    const test = new ClientUnderTest();
    test.open();
    test.socket.tell({ type: 'ERROR', id: test.lastId, code: 'FORBIDDEN', message: 'not yours', timestamp: 1 });
    expect(test.told('error')).toMatchObject([{ code: 'FORBIDDEN', message: 'not yours' }]);
    expect(test.client.state).toBe('live');
  });
});

describe('goals', () => {
  it('are told once, with the score after them', () => {
    const test = holding(matchView('1.1'));
    const frame = goalFrame('1.1', '1.2', 1);
    test.socket.tell(frame, frame);
    test.reconnect();
    answer(test, matchView('1.2', { homeScore: 1 }));
    test.socket.tell(frame, { ...frame, replayed: true }, { ...frame, restated: true });
    expect(test.told('goal')).toMatchObject([
      { goal: { side: 'home', homeScore: 1 }, position: '1.2', late: false, match: { homeScore: 1 } },
    ]);
    expect(test.told('score')).toHaveLength(1);
  });

  it('are late when recovery found them', () => {
    const test = holding(matchView('1.1'));
    test.socket.tell(goalFrame('1.1', '1.2', 1, { catchUp: true }));
    expect(test.told('goal')).toMatchObject([{ late: true }]);
    expect(test.told('score')).toMatchObject([{ late: true }]);
  });

  it('that were missed come late with `replay`, in order, before or after the newest state', () => {
    for (const isStateFirst of [true, false]) {
      const test = holding(matchView('1.1'), { replay: true });
      test.reconnect();
      expect(test.asked).toMatchObject([{ replay: true, since: { m1: '1.1' } }]);
      const replayed = { replayed: true } as const;
      answer(test, ...(isStateFirst ? [matchView('1.3', { homeScore: 2 })] : []));
      test.socket.tell(
        goalFrame('1.1', '1.2', 1, replayed),
        goalFrame('1.2', '1.3', 2, replayed),
        goalFrame('1.3', '1.4', 3),
      );
      expect(test.told('goal').map(({ position, late }) => [position, late])).toEqual([
        ['1.2', true],
        ['1.3', true],
        ['1.4', false],
      ]);
      expect(test.client.match('m1')).toMatchObject({ position: '1.4', homeScore: 3 });
      expect(test.told('gap')).toEqual([]);
    }
  });

  it('that a gap swallowed come late with `replay`', () => {
    const test = holding(matchView('1.1'), { replay: true });
    test.socket.tell(goalFrame('1.2', '1.3', 2));
    test.timers.advance(1_000);
    expect(test.asked.at(-1)).toMatchObject({ replay: true, since: { m1: '1.1' } });
    answer(test);
    test.socket.tell(goalFrame('1.1', '1.2', 1, { replayed: true }), goalFrame('1.2', '1.3', 2, { replayed: true }));
    expect(test.told('goal').map(({ position, late }) => [position, late])).toEqual([
      ['1.3', false],
      ['1.2', true],
    ]);
    expect(test.client.match('m1')?.homeScore).toBe(2);
  });
});

describe('predictions', () => {
  const prediction = (result: PredictionView['result'], predictionId = 'p1'): PredictionView => ({
    predictionId,
    botName: 'b',
    prediction: 'MS 2.5 ÜST',
    result,
    resultReason: null,
    finalScore: null,
  });

  it('are told when they are new or say something else', () => {
    const test = holding(matchView('1.1', { predictions: [prediction('pending')] }));
    expect(test.told('prediction')).toEqual([]);
    const [won, second] = [prediction('won'), prediction('pending', 'p2')];
    test.socket.tell({ ...details, predictions: [prediction('pending')] }, { ...details, predictions: [won, second] });
    expect(test.told('prediction')).toMatchObject([
      { prediction: won, previous: prediction('pending') },
      { prediction: second, previous: undefined },
    ]);
  });

  it('are no news when they come for the first time', () => {
    const test = new ClientUnderTest({ select: { all: true } });
    test.open();
    test.socket.tell(
      changeFrame('1.0', '1.1'),
      snapshotFrame([matchView('1.1', { predictions: [prediction('won')] })]),
    );
    expect(test.client.match('m1')?.predictions).toHaveLength(1);
    expect(test.told('prediction')).toEqual([]);
  });
});

describe('a selection', () => {
  it('is asked for once, however many ask at a time', () => {
    const test = new ClientUnderTest({ select: {} });
    test.open();
    expect(test.asked).toEqual([]);
    expect(test.client.state).toBe('live');
    test.timers.advance(5_000);
    for (const matches of [['m1'], ['m2', 'm1'], ['m3']]) test.client.subscribe({ matches });
    test.timers.advance(0);
    expect(test.asked).toMatchObject([{ matches: ['m1', 'm2', 'm3'] }]);
  });

  it('that nobody asks for any more is given back, with what is held of it', () => {
    const test = new ClientUnderTest({ select: { matches: ['m1', 'm2'] } });
    test.client.subscribe({ matches: ['m1'], competitions: ['c7'] });
    test.open();
    answer(
      test,
      matchView('1.1'),
      matchView('1.1', { matchId: 'm2' }),
      matchView('1.1', { matchId: 'm3', competitionId: 'c7' }),
    );
    test.client.unsubscribe({ matches: ['m1', 'm2'] });
    expect(test.client.matches().map(({ matchId }) => matchId)).toEqual(['m1', 'm3']);
    test.timers.advance(1_000);
    expect(test.socket.messages.slice(-2)).toMatchObject([
      { type: 'UNSUBSCRIBE' },
      { type: 'SUBSCRIBE', matches: ['m1'], competitions: ['c7'], since: { m1: '1.1', m3: '1.1' } },
    ]);
    test.socket.tell(
      changeFrame('1.1', '1.2', { matchId: 'm1' }),
      snapshotFrame([matchView('1.9', { matchId: 'm2' })]),
    );
    expect(test.client.match('m1')?.position).toBe('1.2');
    expect(test.client.match('m2')).toBeUndefined();
  });

  it('of nothing takes no change of a match that was given back', () => {
    const test = holding(matchView('1.1'));
    test.client.unsubscribe({ matches: ['m1'] });
    test.socket.tell(changeFrame('1.1', '1.2'));
    expect(test.client.matches()).toEqual([]);
    test.timers.advance(1_000);
    expect(test.socket.messages.at(-1)).toEqual({ type: 'UNSUBSCRIBE' });
  });

  it('of everything is given back as often as it was asked for, and no more', () => {
    const test = new ClientUnderTest({ select: { all: true } });
    test.open();
    answer(test, matchView('1.1'));
    test.client.subscribe({ all: true });
    test.client.unsubscribe({ all: true });
    expect(test.client.matches()).toHaveLength(1);
    test.client.unsubscribe({ all: true });
    test.client.unsubscribe({ all: true });
    expect(test.client.matches()).toEqual([]);
    test.client.subscribe({ all: true });
    test.timers.advance(1_000);
    expect(test.asked.at(-1)).toMatchObject({ all: true });
  });
});

describe('the minute of a match', () => {
  const at = (startedAt: number, more: object = {}) => ({ clock: { ...SAMPLE_CLOCK, startedAt, ...more } });

  it('ticks by itself, by the time of the server', () => {
    const test = new ClientUnderTest();
    const serverMs = test.timers.nowMs + 3_600_000;
    test.client.start();
    test.socket.tell({ ...WELCOME, timestamp: serverMs });
    test.socket.tell(
      snapshotFrame([matchView('1.1', at(serverMs / 1000 - 59))], { id: test.lastId, timestamp: serverMs }),
    );
    expect(test.client.minute('m1')).toEqual({ minute: 1, text: "1'" });
    test.timers.advance(1_000);
    expect(test.client.minute('m1')).toEqual({ minute: 2, text: "2'" });
    expect(test.client.nowMs()).toBe(serverMs + 1_000);
    expect(test.client.minute('m9')).toEqual({ minute: null, text: '—' });
  });

  it('goes by the clock of the server that it is connected to', () => {
    const test = new ClientUnderTest();
    test.client.start();
    test.socket.tell({ ...WELCOME, timestamp: test.timers.nowMs + 30_000 });
    expect(test.client.nowMs()).toBe(test.timers.nowMs + 30_000);
    test.socket.end();
    test.timers.advance(test.timers.nextMs);
    test.socket.tell(
      { ...WELCOME, timestamp: test.timers.nowMs + 1_000 },
      { type: 'PONG', timestamp: test.timers.nowMs + 1_000 },
    );
    expect(test.client.nowMs()).toBe(test.timers.nowMs + 1_000);
  });

  it('does not go back within a period, unless its kick-off is another one', () => {
    const test = new ClientUnderTest();
    test.open();
    const nowS = test.timers.nowMs / 1000;
    answer(test, matchView('1.1', at(nowS - 600)));
    expect(test.client.minute('m1').minute).toBe(11);
    test.timers.nowMs -= 300_000;
    expect(test.client.minute('m1').minute).toBe(11);
    test.socket.tell(clockFrame('1.1', { ...SAMPLE_CLOCK, startedAt: nowS - 600, addedAnnouncedMinutes: 3 }));
    expect(test.client.minute('m1').minute).toBe(11);
    test.socket.tell(changeFrame('1.1', '1.2', at(nowS - 480)));
    expect(test.client.minute('m1').minute).toBe(9);
  });

  it('stands when the clock shows none any more', () => {
    const test = new ClientUnderTest();
    test.open();
    answer(test, matchView('1.1', at(test.timers.nowMs / 1000 - 44 * 60)));
    expect(test.client.minute('m1').minute).toBe(45);
    test.timers.nowMs += 5 * 3_600_000;
    expect(test.client.minute('m1')).toEqual({ minute: 45, text: "45'" });
  });
});

describe('listeners', () => {
  it('harm nobody when they throw, and their error is not lost', async () => {
    const test = new ClientUnderTest();
    const thrown: unknown[] = [];
    const { queueMicrotask } = globalThis;
    globalThis.queueMicrotask = (run) =>
      queueMicrotask(() => {
        try {
          run();
        } catch (error) {
          thrown.push(error);
        }
      });
    try {
      const error = new Error('of a page');
      test.client.subscribeTo('m1', () => {
        throw error;
      });
      test.open();
      answer(test, matchView('1.1'));
      await null;
      expect(thrown).toEqual([error]);
      expect(test.client.state).toBe('live');
    } finally {
      globalThis.queueMicrotask = queueMicrotask;
    }
  });

  it('hear nothing more of a frame in whose middle the client was stopped', () => {
    const test = new ClientUnderTest({ select: { all: true } });
    test.client.subscribeTo('m1', () => test.client.stop());
    const seen: string[] = [];
    test.client.subscribeTo('m2', () => seen.push('m2'));
    test.open();
    answer(test, matchView('1.1'), matchView('1.1', { matchId: 'm2' }));
    expect(seen).toEqual([]);
  });
});
