import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { MatchUpdate } from '../domain/match-update.js';
import { Clock } from '../shared/clock.js';
import { LiveScoreMetrics } from '../shared/livescore-metrics.js';
import { UpdateSink } from '../shared/update-sink.js';
import { MessageIntake } from './message-intake.js';
import { MqttFeedStatus } from './mqtt-feed-status.service.js';
import { resolveMqttIngestOptions } from './mqtt-ingest.options.js';
import { type DecodedFeedMessage, MessageDecoder, type MessageOrigin } from './ports/message-decoder.js';

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
  fails = false;
  override submit(updates: readonly MatchUpdate[]): void {
    if (this.fails) throw new Error('sink broke its promise');
    this.submitted.push(updates);
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
  let intake: MessageIntake;

  beforeEach(() => {
    warnings.length = 0;
    const ignore = () => undefined;
    Logger.overrideLogger({ log: ignore, error: ignore, warn: (...line: unknown[]) => warnings.push(line) });
    const options = resolveMqttIngestOptions({ maxPayloadBytes: 1_024 });
    clock = new ManualClock();
    metrics = new LiveScoreMetrics();
    status = new MqttFeedStatus(clock, options);
    decoder = new ScriptedDecoder();
    sink = new RecordingSink();
    intake = new MessageIntake(clock, metrics, status, decoder, sink, options);
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
    intake.take(Buffer.from('{}'), false);
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
    intake.take(Buffer.from('[]'), false);
    expect(sink.submitted).toEqual([]);
  });

  it('counts and survives a decoder or a sink that throws, and takes the next message', async () => {
    decoder.answer = () => {
      throw new Error('decoder broke its promise');
    };
    intake.take(Buffer.from('{}'), false);
    decoder.answer = (origin) => ({ updates: [update('a', origin)], rejections: [] });
    sink.fails = true;
    intake.take(Buffer.from('{}'), false);
    sink.fails = false;
    intake.take(Buffer.from('{}'), false);
    expect(sink.submitted).toHaveLength(1);
    expect(await counted('livescore_malformed_total')).toEqual({ 'decoder-failed': 1, 'sink-failed': 1 });
  });

  it('refuses a message that is too large or was retained by the broker', async () => {
    decoder.answer = (origin) => ({ updates: [update('a', origin)], rejections: [] });
    intake.take(Buffer.alloc(1_025), false);
    intake.take(Buffer.from('{}'), true);
    expect(sink.submitted).toEqual([]);
    expect(await counted('livescore_malformed_total')).toEqual({ 'too-large': 1, retained: 1 });
  });

  it('logs at most one line per reason and 10 s, without the payload', () => {
    decoder.answer = () => ({ updates: [], rejections: [{ kind: 'message', reason: 'not-json', matchId: null }] });
    for (let i = 0; i < 1_000; i += 1) intake.take(Buffer.from('private words'), false);
    intake.take(Buffer.alloc(2_000, 'private words'), false);
    expect(warnings).toHaveLength(2);
    clock.now += 10_000;
    intake.take(Buffer.from('private words'), false);
    expect(warnings).toHaveLength(3);
    expect(warnings[2]?.[1]).toMatchObject({ reason: 'not-json', suppressed: 999 });
    expect(JSON.stringify(warnings)).not.toContain('private words');
  });
});
