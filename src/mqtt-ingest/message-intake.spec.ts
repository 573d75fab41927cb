import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type DeadLetter, DeadLetterSink } from '../contracts/dead-letter-sink.js';
import type { FeedFrame, ReadFrame } from '../contracts/feed-frame.js';
import { type MatchRoute, MatchRouter } from '../contracts/match-router.js';
import { type Receipt, UpdateSink } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { APPLIED, DEAD, DUPLICATE, FENCED, UNKNOWN_MATCH } from '../domain/outcomes.js';
import { Accounting } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import { SystemScheduler } from '../kernel/scheduler.js';
import { FeedSignalStream } from './feed-signal-stream.js';
import { IntakeBooks } from './intake-books.js';
import { MessageIntake } from './message-intake.js';
import { MqttFeedStatus } from './mqtt-feed-status.service.js';
import { resolveMqttIngestOptions } from './mqtt-ingest.options.js';
import { type DecodedFeedMessage, MessageDecoder, type MessageOrigin } from './ports/message-decoder.js';
import { PushTimes } from './push-times.js';
import { RedeliveryGate } from './redelivery-gate.js';
import { UnacknowledgedBacklog } from './unacknowledged-backlog.js';
import { UnsettledFrames } from './unsettled-frames.js';

class ManualClock extends Clock {
  now = 1_700_000_000_000;
  override nowMs(): number {
    return this.now;
  }
}

class ScriptedDecoder extends MessageDecoder {
  answer: (origin: MessageOrigin) => DecodedFeedMessage = () => ({ updates: [], rejections: [] });
  override decode(_payload: Uint8Array, origin: MessageOrigin): DecodedFeedMessage {
    return this.answer(origin);
  }
}

class RecordingSink extends UpdateSink {
  readonly submitted: (readonly MatchUpdate[])[] = [];
  readonly receipts: Receipt[] = [];
  fails = false;
  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    if (this.fails) throw new Error('sink broke its promise');
    this.submitted.push(updates);
    if (receipt) this.receipts.push(receipt);
  }
}

class RecordingLetters extends DeadLetterSink {
  readonly buried: DeadLetter[] = [];
  readonly resolved: string[] = [];
  private readonly waiting: (() => void)[] = [];
  override bury(letter: DeadLetter, buried?: () => void): void {
    this.buried.push(letter);
    if (buried) this.waiting.push(buried);
  }
  override resolve(matchId: string): void {
    this.resolved.push(matchId);
  }
  commit(): void {
    for (const buried of this.waiting.splice(0)) buried();
  }
}

class RecordingRouter extends MatchRouter {
  override readonly active = true;
  readonly arrivals: [frame: FeedFrame, read: ReadFrame][] = [];
  override submit(): void {}
  override routeOf(): MatchRoute {
    return 'direct';
  }
  override arrived(frame: FeedFrame, read: ReadFrame): void {
    this.arrivals.push([frame, read]);
  }
}

const update = (matchId: string, origin: MessageOrigin): MatchUpdate => ({
  ...origin,
  matchId,
  providerTimeS: null,
  statistics: [{ type: 2, home: 1, away: 0 }],
  commentary: [{ data: 'x' }],
});

describe('MessageIntake', () => {
  const warnings: unknown[][] = [];
  let clock: ManualClock;
  let metrics: LiveScoreMetrics;
  let status: MqttFeedStatus;
  let decoder: ScriptedDecoder;
  let sink: RecordingSink;
  let letters: RecordingLetters;
  let frames: UnsettledFrames;
  let accounting: Accounting;
  let activity: PushTimes;
  let intake: MessageIntake;
  let router: RecordingRouter;
  let acknowledged = 0;

  beforeEach(() => {
    warnings.length = 0;
    const ignore = () => undefined;
    Logger.overrideLogger({ log: ignore, error: ignore, warn: (...line: unknown[]) => warnings.push(line) });
    const options = resolveMqttIngestOptions({ maxPayloadBytes: 1_024 });
    clock = new ManualClock();
    metrics = new LiveScoreMetrics();
    status = new MqttFeedStatus(
      clock,
      options,
      new UnacknowledgedBacklog(clock, new SystemScheduler(), new Accounting(), new FeedSignalStream()),
    );
    decoder = new ScriptedDecoder();
    sink = new RecordingSink();
    letters = new RecordingLetters();
    accounting = new Accounting();
    activity = new PushTimes();
    acknowledged = 0;
    const gate = new RedeliveryGate(
      sink,
      new SystemScheduler(),
      new OutcomeCounter(metrics, accounting),
      accounting,
      options,
    );
    const books = new IntakeBooks(metrics, accounting, activity);
    router = new RecordingRouter();
    frames = new UnsettledFrames(clock, new SystemScheduler(), gate, letters);
    intake = new MessageIntake(clock, status, decoder, gate, books, options, frames, router);
  });

  const take = (payload: Uint8Array, retain = false): void => intake.take('feed', payload, { retain, dup: false });
  const takeQos1 = (payload: Uint8Array, retain = false): void =>
    intake.take('feed', payload, {
      retain,
      dup: false,
      acknowledge: () => {
        acknowledged += 1;
      },
    });

  it('shows the router every frame after its updates, read or not, retained or not, with what could not be read', () => {
    const rejections = [{ kind: 'item', reason: 'no-id', matchId: null }];
    decoder.answer = (origin) => ({ updates: [update('a', origin)], rejections });
    take(Buffer.from('read'));
    decoder.answer = () => {
      throw new Error('The decoder was told to throw');
    };
    take(Buffer.from('unreadable'));
    take(Buffer.from('retained'), true);
    const seen = router.arrivals.map(([{ topic, payload }, read]) => [
      `${topic} ${Buffer.from(payload)}`,
      read.updates.length,
      read.rejections.length,
    ]);
    expect(seen).toEqual([
      ['feed read', 1, 1],
      ['feed unreadable', 0, 1],
      ['feed retained', 0, 1],
    ]);
    expect(sink.receipts[0]?.frame).toBe(router.arrivals[0]?.[0]);
  });

  it('acknowledges no frame that somebody keeps', () => {
    decoder.answer = () => ({ updates: [], rejections: [] });
    let release = (): void => undefined;
    router.arrived = (frame) => {
      release = frame.keep();
    };
    for (const retained of [false, true]) {
      acknowledged = 0;
      takeQos1(Buffer.from('x'), retained);
      expect(acknowledged).toBe(0);
      release();
      release();
      expect(acknowledged).toBe(1);
    }
  });

  const counted = async (metric: string): Promise<Record<string, number>> => {
    const { values } = await metrics.registry.getSingleMetric(metric)!.get();
    return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels).join(), value]));
  };

  it('submits all updates of a message at once, stamped with the receipt, and counts parts and refusals', async () => {
    decoder.answer = (origin) => ({
      updates: [update('a', origin), update('b', origin)],
      rejections: [{ kind: 'score', reason: 'bad-slots', matchId: 'a' }],
    });
    take(Buffer.from('{}'));
    expect(sink.submitted).toHaveLength(1);
    expect(sink.submitted[0]).toMatchObject([
      { matchId: 'a', source: 'mqtt', delivery: 'push', receivedAtMs: clock.now, requestedAtMs: null },
      { matchId: 'b' },
    ]);
    expect(await counted('livescore_parts_total')).toEqual({ statistics: 2, commentary: 2 });
    expect(await counted('livescore_malformed_total')).toEqual({ 'bad-slots': 1 });
    expect(await counted('livescore_messages_total')).toEqual({ '': 1 });
    expect(status).toMatchObject({ messagesTotal: 1, messagesLast60s: 1, lastMessageAtMs: clock.now });
  });

  it('submits nothing for a message without updates', () => {
    take(Buffer.from('[]'));
    expect(sink.submitted).toEqual([]);
  });

  it('counts and survives a decoder or a sink that throws, and takes the next message', async () => {
    decoder.answer = () => {
      throw new Error('decoder broke its promise');
    };
    take(Buffer.from('{}'));
    decoder.answer = (origin) => ({ updates: [update('a', origin)], rejections: [] });
    sink.fails = true;
    take(Buffer.from('{}'));
    sink.fails = false;
    take(Buffer.from('{}'));
    expect(sink.submitted).toHaveLength(1);
    expect(await counted('livescore_malformed_total')).toEqual({ 'decoder-failed': 1, 'sink-failed': 1 });
  });

  it('says of a message that the broker sends again that it does', () => {
    const seen: unknown[] = [];
    decoder.answer = ({ redelivered }) => {
      seen.push(redelivered);
      return { updates: [], rejections: [] };
    };
    for (const dup of [false, true]) intake.take('feed', Buffer.from('{}'), { retain: false, dup });
    expect(seen).toEqual([undefined, true]);
  });

  it('refuses a message that is too large or was retained by the broker', async () => {
    decoder.answer = (origin) => ({ updates: [update('a', origin)], rejections: [] });
    take(Buffer.alloc(1_025));
    take(Buffer.from('{}'), true);
    expect(sink.submitted).toEqual([]);
    expect(await counted('livescore_malformed_total')).toEqual({ 'too-large': 1, retained: 1 });
  });

  it('logs at most one line per reason and 10 s, without the payload', () => {
    decoder.answer = () => ({ updates: [], rejections: [{ kind: 'message', reason: 'not-json', matchId: null }] });
    for (let i = 0; i < 1_000; i += 1) take(Buffer.from('private words'));
    take(Buffer.alloc(2_000, 'private words'));
    expect(warnings).toHaveLength(2);
    clock.now += 10_000;
    take(Buffer.from('private words'));
    expect(warnings).toHaveLength(3);
    expect(warnings[2]?.[1]).toMatchObject({ reason: 'not-json', suppressed: 999 });
    expect(JSON.stringify(warnings)).not.toContain('private words');
  });

  it('acknowledges when every update of the message has its fate, once', () => {
    decoder.answer = (origin) => ({ updates: [update('a', origin), update('b', origin)], rejections: [] });
    takeQos1(Buffer.from('{}'));
    const [a, b] = sink.submitted[0] as [MatchUpdate, MatchUpdate];
    expect(sink.receipts[0]?.awaitsCommit).toBe(true);
    sink.receipts[0]?.concluded(a, APPLIED);
    expect(acknowledged).toBe(0);
    sink.receipts[0]?.concluded(b, DUPLICATE);
    expect(acknowledged).toBe(1);
    expect(letters.buried).toEqual([]);
  });

  it('acknowledges a message without updates at once, and a retained one without a letter', () => {
    takeQos1(Buffer.from('[]'));
    takeQos1(Buffer.from('{}'), true);
    expect(acknowledged).toBe(2);
    expect(letters.buried).toEqual([]);
  });

  it('keeps what was refused as one letter per message, and acknowledges when it is buried', () => {
    decoder.answer = (origin) => ({
      updates: [update('a', origin)],
      rejections: [
        { kind: 'score', reason: 'bad-slots', matchId: 'a' },
        { kind: 'statistics', reason: 'bad-entry', matchId: 'a' },
      ],
    });
    takeQos1(Buffer.from('the payload'));
    expect(letters.buried).toEqual([
      {
        reason: 'malformed',
        detail: 'score:bad-slots',
        matchId: 'a',
        topic: 'feed',
        payload: Buffer.from('the payload'),
        receivedAtMs: clock.now,
      },
    ]);
    sink.receipts[0]?.concluded(sink.submitted[0]?.[0] as MatchUpdate, APPLIED);
    expect(acknowledged).toBe(0);
    letters.commit();
    expect(acknowledged).toBe(1);
  });

  it('names no match in a letter about several', () => {
    decoder.answer = () => ({
      updates: [],
      rejections: ['a', 'b'].map((matchId) => ({ kind: 'item', reason: 'bad-status', matchId })),
    });
    take(Buffer.from('[]'));
    expect(letters.buried).toMatchObject([{ matchId: null, detail: 'item:bad-status' }]);
  });

  it('judges a large message in slices, with turns of the event loop between them, and acknowledges it once', async () => {
    const matchIds = Array.from({ length: 5_000 }, (_, n) => `m${n}`);
    decoder.answer = (origin) => ({ updates: matchIds.map((id) => update(id, origin)), rejections: [] });
    takeQos1(Buffer.from('{}'));
    expect([sink.submitted.length, intake.isBusy]).toEqual([1, true]);
    let turns = 0;
    for (; intake.isBusy && turns < 100; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(turns).toBeGreaterThan(20);
    expect(sink.submitted.flat().map(({ matchId }) => matchId)).toEqual(matchIds);
    expect(Math.max(...sink.submitted.map(({ length }) => length))).toBeLessThanOrEqual(200);
    expect([accounting.balance().received, acknowledged]).toEqual([5_000, 0]);
    for (const [n, updates] of sink.submitted.entries())
      for (const one of updates) sink.receipts[n]?.concluded(one, APPLIED);
    expect(acknowledged).toBe(1);
  });

  it('judges the rest of a large message before the next one, where the connection does not wait', () => {
    decoder.answer = (origin) => ({
      updates: Array.from({ length: 450 }, (_, n) => update(`m${n}`, origin)),
      rejections: [],
    });
    takeQos1(Buffer.from('{}'));
    decoder.answer = (origin) => ({ updates: [update('next', origin)], rejections: [] });
    takeQos1(Buffer.from('{}'));
    expect(sink.submitted.map(({ length }) => length)).toEqual([200, 200, 50, 1]);
    expect(intake.isBusy).toBe(false);
  });

  it('gives a large message up as a whole when the sink fails in the middle of it', () => {
    decoder.answer = (origin) => ({
      updates: Array.from({ length: 450 }, (_, n) => update(`m${n}`, origin)),
      rejections: [],
    });
    takeQos1(Buffer.from('{}'));
    sink.fails = true;
    intake.sessionEnded();
    expect(letters.buried).toMatchObject([{ detail: 'sink-failed' }]);
    expect(accounting.balance()).toMatchObject({ received: 450, malformed: 450, unaccounted: 0 });
  });

  it('counts as many as were refused, listed or not, and what was lost entirely', async () => {
    const rejections = [{ kind: 'score', reason: 'bad-status', matchId: 'a' }];
    decoder.answer = () => ({ updates: [], rejections, unlisted: new Map([['bad-status', 4]]), lost: 5 });
    takeQos1(Buffer.from('{}'));
    expect((await metrics.malformed.get()).values).toMatchObject([{ value: 5, labels: { reason: 'bad-status' } }]);
    expect(accounting.balance()).toMatchObject({ received: 5, malformed: 5, unaccounted: 0 });
    expect(letters.buried).toMatchObject([{ matchId: null }]);
  });

  it('keeps a message that is too large, or that the decoder or the sink fails on', () => {
    decoder.answer = () => {
      throw new Error('decoder broke its promise');
    };
    takeQos1(Buffer.from('{}'));
    takeQos1(Buffer.alloc(1_025));
    decoder.answer = (origin) => ({ updates: [update('a', origin)], rejections: [] });
    sink.fails = true;
    takeQos1(Buffer.from('{}'));
    expect(letters.buried.map(({ reason, detail }) => [reason, detail])).toEqual([
      ['malformed', 'message:decoder-failed'],
      ['malformed', 'message:too-large'],
      ['malformed', 'sink-failed'],
    ]);
    letters.commit();
    expect(acknowledged).toBe(3);
    expect(accounting.balance()).toMatchObject({ received: 3, malformed: 3, unaccounted: 0 });
  });

  it('buries what can never be written, parks what has no row, and resolves it when it is replayed', () => {
    decoder.answer = (origin) => ({ updates: [update('a', origin), update('b', origin)], rejections: [] });
    takeQos1(Buffer.from('{}'));
    const [a, b] = sink.submitted[0] as [MatchUpdate, MatchUpdate];
    sink.receipts[0]?.concluded(a, DEAD);
    sink.receipts[0]?.concluded(b, UNKNOWN_MATCH);
    expect(letters.buried).toMatchObject([
      { reason: 'cannot-be-written', detail: 'cannot-be-written', matchId: 'a' },
      { reason: 'unknown-match', detail: null, matchId: 'b' },
    ]);
    expect(acknowledged).toBe(0);
    letters.commit();
    expect(acknowledged).toBe(1);
    sink.receipts[0]?.replayed?.(b, UNKNOWN_MATCH);
    sink.receipts[0]?.replayed?.(b, FENCED);
    expect(letters.resolved).toEqual([]);
    sink.receipts[0]?.replayed?.(b, APPLIED);
    expect(letters.resolved).toEqual(['b']);
  });

  it('keeps the parked letter of what turns out to be unwritable until the new one is stored', () => {
    decoder.answer = (origin) => ({ updates: [update('a', origin)], rejections: [] });
    takeQos1(Buffer.from('{}'));
    const [a] = sink.submitted[0] as [MatchUpdate];
    sink.receipts[0]?.concluded(a, UNKNOWN_MATCH);
    letters.commit();
    sink.receipts[0]?.replayed?.(a, DEAD);
    expect([letters.buried.at(-1)?.reason, letters.resolved]).toEqual(['cannot-be-written', []]);
    letters.commit();
    expect([acknowledged, letters.resolved]).toEqual([1, ['a']]);
  });

  it('never acknowledges what was fenced: the copy of the broker is for the next holder of the lease', () => {
    decoder.answer = (origin) => ({ updates: [update('a', origin)], rejections: [] });
    takeQos1(Buffer.from('{}'));
    sink.receipts[0]?.concluded(sink.submitted[0]?.[0] as MatchUpdate, FENCED);
    expect(acknowledged).toBe(0);
  });

  it('counts as received what it hands on, and what is lost with a refusal', () => {
    decoder.answer = (origin) => ({
      updates: [update('a', origin)],
      rejections: [
        { kind: 'item', reason: 'bad-status', matchId: 'b' },
        { kind: 'score', reason: 'bad-slots', matchId: 'a' },
      ],
    });
    take(Buffer.from('{}'));
    expect(accounting.balance()).toMatchObject({ received: 2, malformed: 1, unaccounted: 1 });
    expect(activity.lastPushAtMs('a')).toBe(clock.now);
  });

  it('never lets the time of receipt run backwards', () => {
    decoder.answer = (origin) => ({ updates: [update('a', origin)], rejections: [] });
    take(Buffer.from('{}'));
    const first = clock.now;
    clock.now -= 5_000;
    take(Buffer.from('{}'));
    clock.now += 5_001;
    take(Buffer.from('{}'));
    expect(sink.submitted.flat().map(({ receivedAtMs }) => receivedAtMs)).toEqual([first, first, first + 1]);
  });
});
