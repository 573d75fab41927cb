// The package's transport alone: receive, decode, and acknowledge after a commit that is no more than a wait of 1 ms.
import 'reflect-metadata';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Receipt, UpdateSink } from '../../src/contracts/update-sink.js';
import type { MatchUpdate } from '../../src/domain/match-update.js';
import { APPLIED } from '../../src/domain/outcomes.js';
import { connectLiveScoreFeed } from '../../src/mqtt-ingest/connect-feed.js';
import { MqttFeedStatus } from '../../src/mqtt-ingest/mqtt-feed-status.service.js';
import { MqttIngestModule } from '../../src/mqtt-ingest/mqtt-ingest.module.js';
import { feedIsSubscribed } from './feed-is-subscribed.js';
import { openScreen } from './no-screen.js';
import { type RunningSubject, runSubject, type SubjectSettings } from './subject.js';

const COMMIT_MS = 1;

/** Settles whatever was submitted since the last "commit". */
class WaitingSink extends UpdateSink {
  settled = 0;
  private waiting: [update: MatchUpdate, receipt: Receipt | undefined][] = [];

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    if (this.waiting.length === 0) setTimeout(() => this.commit(), COMMIT_MS);
    for (const update of updates) this.waiting.push([update, receipt]);
  }

  private commit(): void {
    const batch = this.waiting;
    this.waiting = [];
    this.settled += batch.length;
    for (const [update, receipt] of batch) receipt?.concluded(update, APPLIED);
  }
}

@Global()
@Module({ providers: [{ provide: UpdateSink, useClass: WaitingSink }], exports: [UpdateSink] })
class SinkModule {}

async function start({ mqttUrl, topic, qos }: SubjectSettings): Promise<RunningSubject> {
  const ingest = MqttIngestModule.forRoot({ url: mqttUrl, topics: [topic], qos });
  const app = await NestFactory.create(
    { module: class ReceiveModule {}, imports: [SinkModule, ingest] },
    { logger: ['error'] },
  );
  const feed = app.get(MqttFeedStatus, { strict: false });
  const sink = app.get<WaitingSink>(UpdateSink, { strict: false });
  await connectLiveScoreFeed(app);
  await app.init();
  await feedIsSubscribed(feed, topic);
  const { screen, close } = await openScreen();
  return {
    screen,
    counts: () => ({ received: feed.messagesTotal, absorbed: sink.settled, rows: 0, refused: 0 }),
    async stop() {
      close();
      await app.close();
    },
  };
}

await runSubject(start);
