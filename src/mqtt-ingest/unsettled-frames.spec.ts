import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { type DeadLetter, DeadLetterSink } from '../contracts/dead-letter-sink.js';
import { UpdateSink } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { APPLIED, DEAD, DUPLICATE, ENDED, FENCED, UNKNOWN_MATCH } from '../domain/outcomes.js';
import { Accounting } from '../kernel/accounting.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import type { FrameReceipt } from './frame-receipt.js';
import { resolveMqttIngestOptions } from './mqtt-ingest.options.js';
import { RedeliveryGate } from './redelivery-gate.js';
import { UnsettledFrames } from './unsettled-frames.js';

class Letters extends DeadLetterSink {
  readonly buried: DeadLetter[] = [];
  readonly resolved: unknown[][] = [];
  private readonly waiting: (() => void)[] = [];
  override bury(letter: DeadLetter, buried?: () => void): void {
    this.buried.push(letter);
    if (buried) this.waiting.push(buried);
  }
  override resolve(...args: unknown[]): void {
    this.resolved.push(args);
  }
  store(): void {
    for (const buried of this.waiting.splice(0)) buried();
  }
}

class NoSink extends UpdateSink {
  override submit(): void {}
}

describe('UnsettledFrames', () => {
  let time: VirtualTime;
  let clock: VirtualClock;
  let letters: Letters;
  let writer: { healthy: boolean };
  let gate: RedeliveryGate;
  let frames: UnsettledFrames;
  let acknowledged: string[];

  beforeEach(() => {
    time = new VirtualTime();
    clock = new VirtualClock(time);
    const scheduler = new VirtualScheduler(time);
    letters = new Letters();
    writer = { healthy: true };
    const accounting = new Accounting();
    const fates = new OutcomeCounter(new LiveScoreMetrics(), accounting);
    gate = new RedeliveryGate(new NoSink(), scheduler, fates, accounting, resolveMqttIngestOptions({ qos: 1 }));
    frames = new UnsettledFrames(clock, scheduler, gate, letters, writer);
    frames.onModuleInit();
    acknowledged = [];
  });

  const updateOf = (matchId: string): MatchUpdate => ({
    matchId,
    source: 'mqtt',
    delivery: 'push',
    receivedAtMs: clock.nowMs(),
    requestedAtMs: null,
    providerTimeS: null,
  });
  const open = (name: string, updates: readonly MatchUpdate[]): FrameReceipt => {
    const frame = frames.open('feed', Buffer.from(name), clock.nowMs(), updates, () => void acknowledged.push(name));
    frame.handedOver();
    return frame;
  };

  it('a parked update that is refused later takes no letter with it that came after its frame', () => {
    const atMs = clock.nowMs();
    const [refused, taken] = [updateOf('refused'), updateOf('taken')];
    const frame = open('both', [refused, taken]);
    for (const update of [refused, taken]) frame.concluded(update, UNKNOWN_MATCH);
    frame.replayed(refused, ENDED);
    frame.replayed(taken, APPLIED);
    expect(letters.resolved).toEqual([
      ['refused', atMs],
      ['taken', undefined],
    ]);
  });

  it('keeps a frame as a letter after 5 s and acknowledges it when the letter is stored', async () => {
    const [locked, free] = [updateOf('locked'), updateOf('free')];
    const frame = open('a', [locked]);
    open('b', [free]).concluded(free, APPLIED);
    await time.advance(4_900);
    expect([letters.buried, acknowledged]).toEqual([[], ['b']]);
    await time.advance(1_000);
    expect(letters.buried).toMatchObject([{ reason: 'unknown-match', matchId: 'locked', payload: Buffer.from('a') }]);
    expect(acknowledged).toEqual(['b']);
    letters.store();
    expect(acknowledged).toEqual(['b', 'a']);
    await time.advance(10_000);
    expect([letters.buried.length, letters.resolved]).toEqual([1, []]);
    frame.concluded(locked, APPLIED);
    expect([acknowledged.length, letters.resolved]).toEqual([2, [['locked', locked.receivedAtMs]]]);
  });

  it('keeps only the updates of a frame that have no fate, also where they are told about copies', async () => {
    const updates = ['a', 'b', 'c'].map(updateOf);
    const frame = open('abc', updates);
    for (const update of updates.slice(0, 2)) frame.concluded({ ...update, redelivered: true }, DUPLICATE);
    await time.advance(6_000);
    expect(letters.buried.map(({ matchId }) => matchId)).toEqual(['c']);
    letters.store();
    expect(acknowledged).toEqual(['abc']);
  });

  it('keeps no second letter of a frame whose letter cannot be stored', async () => {
    const update = updateOf('a');
    open('a', [update]).concluded(update, DEAD);
    await time.advance(20_000);
    expect(letters.buried).toHaveLength(1);
    letters.store();
    expect(acknowledged).toEqual(['a']);
  });

  it('leaves the letter to the next holder of the lease, and buries anew what can never be written', async () => {
    const [first, second] = [updateOf('a'), updateOf('b')];
    const frame = open('ab', [first, second]);
    await time.advance(6_000);
    letters.store();
    frame.concluded(first, FENCED);
    expect(letters.resolved).toEqual([]);
    frame.concluded(second, DEAD);
    expect([letters.buried.at(-1)?.reason, letters.resolved]).toEqual(['cannot-be-written', []]);
    letters.store();
    expect([letters.resolved, acknowledged]).toEqual([[['b', second.receivedAtMs]], ['ab']]);
  });

  it('keeps nothing while the database takes nothing at all, and 5 s after it', async () => {
    writer.healthy = false;
    open('a', [updateOf('a')]);
    await time.advance(60_000);
    expect(letters.buried).toEqual([]);
    writer.healthy = true;
    await time.advance(4_400);
    expect(letters.buried).toEqual([]);
    await time.advance(1_500);
    expect(letters.buried).toHaveLength(1);
  });

  it('keeps nothing of a burst that is held back, nor of a connection that is gone', async () => {
    gate.sessionStarted(true);
    open('a', [updateOf('a')]);
    await time.advance(5_000);
    expect([gate.isCollecting, letters.buried]).toEqual([false, []]);
    frames.forget();
    await time.advance(60_000);
    expect(letters.buried).toEqual([]);
  });

  it('asks nothing of a broker that waits for nothing', async () => {
    frames.open('feed', Buffer.from('a'), clock.nowMs(), [updateOf('a')], undefined).handedOver();
    await time.advance(60_000);
    expect(letters.buried).toEqual([]);
    frames.onModuleDestroy();
    expect(time.waiting).toBe(0);
  });
});
