import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { type MatchRoute, MatchRouter } from '../contracts/match-router.js';
import { type Receipt, UpdateSink } from '../contracts/update-sink.js';
import type { MatchStatus } from '../domain/match-status.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { APPLIED, DUPLICATE, SUPERSEDED } from '../domain/outcomes.js';
import { Accounting } from '../kernel/accounting.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import { type MqttIngestOptions, resolveMqttIngestOptions } from './mqtt-ingest.options.js';
import { RedeliveryGate } from './redelivery-gate.js';

interface Submitted {
  readonly update: MatchUpdate;
  readonly receipt: Receipt | undefined;
}

class RecordingSink extends UpdateSink {
  readonly submitted: Submitted[] = [];
  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    for (const update of updates) this.submitted.push({ update, receipt });
  }
}

const NOTHING = [0, 0, 0, 0, 0, 0, 0] as const;
const reportOf = (status: MatchStatus, periodKickoffS: number): Partial<MatchUpdate> => ({
  score: { status, home: NOTHING, away: NOTHING, periodKickoffS },
  receivedAtMs: (periodKickoffS + 60) * 1_000,
});

const update = (matchId: string, goals: number | null, more: Partial<MatchUpdate> = {}): MatchUpdate => ({
  matchId,
  source: 'mqtt',
  delivery: 'push',
  receivedAtMs: 1_000,
  requestedAtMs: null,
  providerTimeS: null,
  ...(goals !== null && {
    score: { status: 2, home: [goals, 0, 0, 0, 0, 0, 0], away: [0, 0, 0, 0, 0, 0, 0], periodKickoffS: null },
  }),
  ...more,
});

class RouterByName extends MatchRouter {
  override readonly active = true;
  override submit(): void {}
  override routeOf(matchId: string): MatchRoute {
    return matchId === 'new' ? 'direct' : 'legacy';
  }
  override isMoving(matchId: string): boolean {
    return matchId === 'moving';
  }
}

describe('RedeliveryGate', () => {
  const fates: string[] = [];
  let time: VirtualTime;
  let sink: RecordingSink;
  let accounting: Accounting;
  let gate: RedeliveryGate;

  const build = (options: MqttIngestOptions = {}, router?: MatchRouter): void => {
    fates.length = 0;
    time = new VirtualTime();
    sink = new RecordingSink();
    accounting = new Accounting();
    const updateFates = new OutcomeCounter(new LiveScoreMetrics(), accounting);
    const scheduler = new VirtualScheduler(time);
    gate = new RedeliveryGate(sink, scheduler, updateFates, accounting, resolveMqttIngestOptions(options), router);
  };
  beforeEach(() => build());

  const receipt = (name: string): Receipt => ({
    awaitsCommit: true,
    concluded: (_update, outcome) => void fates.push(`${name} ${outcome.kind}`),
  });
  const submit = (name: string, submitted: MatchUpdate): void => gate.submit([submitted], receipt(name));
  const submitAgain = (name: string, submitted: MatchUpdate): void => {
    gate.arrived({ dup: true, retain: false });
    submit(name, { ...submitted, redelivered: true, inBurst: true });
  };
  const submitNew = (name: string, submitted: MatchUpdate): void => {
    gate.arrived({ dup: false, retain: false });
    submit(name, submitted);
  };
  const settle = (index: number, outcome: Outcome): void => {
    const { update: told, receipt: by } = sink.submitted[index] as Submitted;
    accounting.concluded(outcome.kind);
    by?.concluded(told, outcome);
  };
  const shown = (): unknown[] =>
    sink.submitted.map(({ update: { matchId, score, statistics } }) => [
      matchId,
      score?.home[0] ?? null,
      statistics?.[0]?.home ?? null,
    ]);
  const statistics = (home: number) => ({ statistics: [{ type: 2, home, away: 0 }] });

  it('lets everything through at once after a new session', () => {
    gate.sessionStarted(false);
    submit('first', update('a', 1));
    expect(shown()).toEqual([['a', 1, null]]);
    expect(time.waiting).toBe(0);
  });

  it('lets matches on the legacy path pass after a resumed session, and folds the others', async () => {
    build({}, new RouterByName());
    gate.sessionStarted(true);
    const frame = { topic: 'feed', payload: Buffer.alloc(1), keep: () => () => undefined };
    for (const goals of [0, 1]) {
      gate.arrived({ dup: true, retain: false });
      gate.submit(
        ['old', 'moving', 'new'].map((matchId) => update(matchId, goals)),
        { ...receipt(String(goals)), frame },
      );
    }
    submitAgain('old', update('old', 2));
    expect(shown()).toEqual([
      ['old', 0, null],
      ['old', 1, null],
      ['old', 2, null],
    ]);
    expect(sink.submitted.every(({ update: { redelivered } }) => redelivered)).toBe(true);
    await time.advance(6_000);
    expect(shown().slice(3)).toEqual([
      ['moving', 1, null],
      ['new', 1, null],
    ]);
    expect(sink.submitted.slice(3).map(({ receipt: by }) => by?.frame)).toEqual([frame, frame]);
  });

  it('judges only the newest score of each match after a resumed session, once it has been quiet for 5 s', async () => {
    gate.sessionStarted(true);
    submitAgain('a1', update('a', 0));
    submitAgain('b1', update('b', 5));
    await time.advance(4_900);
    submitAgain('a2', update('a', 1));
    await time.advance(4_999);
    expect(sink.submitted).toEqual([]);
    expect(accounting.inFlight()).toEqual({ count: 3, oldestAtMs: 1_000 });
    await time.advance(101);
    expect(shown()).toEqual([
      ['a', 1, null],
      ['b', 5, null],
    ]);
    submit('a3', update('a', 2));
    expect(shown()).toHaveLength(3);
    expect(time.waiting).toBe(0);
  });

  it('settles the older ones as superseded after the newest, never before', async () => {
    gate.sessionStarted(true);
    for (const [goals, name] of ['first', 'second', 'third'].entries()) submit(name, update('a', goals));
    accounting.received(3);
    await time.advance(5_100);
    expect(fates).toEqual([]);
    expect(accounting.inFlight().count).toBe(2);
    settle(0, APPLIED);
    expect(fates).toEqual(['third applied', 'first superseded', 'second superseded']);
    expect(accounting.balance()).toMatchObject({ applied: 1, superseded: 2, inFlight: 0, unaccounted: 0 });
  });

  it('passes on the details of all of them, in order, with one fate each', async () => {
    gate.sessionStarted(true);
    submit('first', update('a', 0, statistics(1)));
    submit('second', update('a', null, statistics(2)));
    submit('third', update('a', 1, statistics(3)));
    submit('fourth', update('a', null, statistics(4)));
    accounting.received(4);
    await time.advance(5_100);
    expect(shown()).toEqual([
      ['a', null, 1],
      ['a', null, 2],
      ['a', 1, 3],
      ['a', null, 4],
    ]);
    settle(0, DUPLICATE);
    settle(1, APPLIED);
    expect(fates).toEqual(['second applied']);
    settle(2, APPLIED);
    settle(3, APPLIED);
    expect(fates).toEqual(['second applied', 'third applied', 'first duplicate', 'fourth applied']);
    expect(accounting.balance()).toMatchObject({ inFlight: 0, unaccounted: 0 });
  });

  it('ends the burst with the first frame that the broker did not send before, however long it paused', async () => {
    gate.sessionStarted(true);
    await time.advance(1_200);
    for (const [goals, pauseMs] of [600, 1_300, 4_000].entries()) {
      submitAgain(`again ${goals}`, update('a', goals));
      await time.advance(pauseMs);
    }
    expect(sink.submitted).toEqual([]);
    submitNew('new', update('a', 1));
    expect(shown()).toEqual([
      ['a', 2, null],
      ['a', 1, null],
    ]);
    expect(sink.submitted.map(({ update: { redelivered } }) => redelivered)).toEqual([true, undefined]);
    expect(time.waiting).toBe(0);
  });

  it('holds nothing back once the broker has shown that it marks what it sends again', () => {
    gate.sessionStarted(true);
    submitAgain('again', update('a', 1));
    submitNew('new', update('a', 2));
    gate.sessionStarted(true);
    submitNew('newer', update('a', 3));
    expect(shown().map((seen) => (seen as number[])[1])).toEqual([1, 2, 3]);
  });

  it('takes no frame that the broker had retained for the end of the burst', () => {
    gate.sessionStarted(true);
    submitAgain('again', update('a', 1));
    gate.arrived({ dup: false, retain: true });
    expect(sink.submitted).toEqual([]);
  });

  it('hands on with the newest what only the older ones knew', async () => {
    gate.sessionStarted(true);
    const [first, second] = [1_768_662_000, 1_768_665_600];
    const kickoff = (status: 2 | 3 | 4, atS: number) => update('a', status, reportOf(status, atS));
    for (const frame of [kickoff(2, first), kickoff(3, first), kickoff(4, second)]) submitAgain('again', frame);
    await time.advance(5_100);
    const [released] = sink.submitted;
    expect(released?.update).toMatchObject({
      score: { status: 4, periodKickoffS: second },
      carried: { kickoffs: { firstHalfS: first }, reached: 3 },
      redelivered: true,
      inBurst: true,
    });
  });

  it("takes the provider's word for which score is newer, where both have a time", async () => {
    gate.sessionStarted(true);
    submit('newer', update('a', 2, { providerTimeS: 200 }));
    submit('older', update('a', 1, { providerTimeS: 100 }));
    await time.advance(5_100);
    expect(shown()).toEqual([['a', 2, null]]);
  });

  it('collects for 10 s at most what a broker sends that marks nothing', async () => {
    gate.sessionStarted(true);
    await time.advance(3_000);
    for (let ms = 0; ms < 9_900; ms += 100) {
      submitNew('again', update('a', 1));
      await time.advance(100);
    }
    expect(sink.submitted).toEqual([]);
    submitNew('last', update('a', 2));
    await time.advance(100);
    expect(shown()).toEqual([['a', 2, null]]);
  });

  it('collects no more frames than the window of MQTT 5 holds', () => {
    build({ protocolVersion: 5, receiveMaximum: 3 });
    gate.sessionStarted(true);
    for (const goals of [0, 1]) submit('waits', update('a', goals));
    expect(sink.submitted).toEqual([]);
    submit('last', update('a', 2));
    expect(shown()).toEqual([['a', 2, null]]);
  });

  it.each([true, false])('judges nothing of a burst that the connection cut short, resumed again: %s', (resumed) => {
    gate.sessionStarted(true);
    submit('old', update('a', 1));
    accounting.received(1);
    gate.sessionEnded();
    expect([sink.submitted, fates, time.waiting]).toEqual([[], [], 0]);
    expect(accounting.balance()).toMatchObject({ superseded: 1, inFlight: 0, unaccounted: 0 });
    gate.sessionStarted(resumed);
    submit('new', update('a', 2));
    expect(sink.submitted).toHaveLength(resumed ? 0 : 1);
  });

  it('judges what the broker does not keep when the connection is lost', () => {
    gate.sessionStarted(true);
    gate.submit([update('a', 1)], { awaitsCommit: false, concluded: () => {} });
    gate.sessionEnded();
    expect(shown()).toEqual([['a', 1, null]]);
  });

  it('gives the sink the fate of the newest and nobody else a word', async () => {
    gate.sessionStarted(true);
    gate.submit([update('a', 1), update('a', 2)], undefined);
    await time.advance(5_100);
    settle(0, DUPLICATE);
    expect(fates).toEqual([]);
    expect(accounting.balance()).toMatchObject({ duplicate: 1, [SUPERSEDED.kind]: 1 });
  });
});
