import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommittedChanges } from '../../src/contracts/committed-changes.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { connectLiveScoreFeed } from '../../src/mqtt-ingest/connect-feed.js';
import { MqttFeedStatus } from '../../src/mqtt-ingest/mqtt-feed-status.service.js';
import { feedIsSubscribed } from './feed-is-subscribed.js';
import type { RunningSubject, SubjectCounts, SubjectSettings } from './subject.js';

const ABSORBED = new Set(['applied', 'superseded']);

/** A host with these modules, subscribed and with a WebSocket endpoint. */
export async function startOurs(module: DynamicModule, { topic }: SubjectSettings): Promise<RunningSubject> {
  const app = await NestFactory.create(module, { logger: ['warn', 'error'] });
  let rows = 0;
  let written: ((rows: number) => void) | null = null;
  app.get(CommittedChanges, { strict: false }).batches$.subscribe((batch) => {
    const before = rows;
    for (const { kind } of batch) if (kind === 'score') rows++;
    written?.(rows - before);
  });
  const metrics = app.get(LiveScoreMetrics, { strict: false });
  const feed = app.get(MqttFeedStatus, { strict: false });
  await connectLiveScoreFeed(app);
  await app.listen(0, '127.0.0.1');
  await feedIsSubscribed(feed, topic);

  return {
    screen: { protocol: 'ws', url: `${(await app.getUrl()).replace('http', 'ws')}/ws` },
    counts: async () => ({ received: feed.messagesTotal, rows, ...(await fates(metrics)) }),
    onWritten: (listener) => {
      written = listener;
    },
    stop: () => app.close(),
  };
}

/** How updates ended so far, from the package's own counters. */
async function fates({ updates }: LiveScoreMetrics): Promise<Pick<SubjectCounts, 'absorbed' | 'refused'>> {
  let absorbed = 0;
  let refused = 0;
  for (const { labels, value } of (await updates.get()).values) {
    if (ABSORBED.has(String(labels.outcome))) absorbed += value;
    else refused += value;
  }
  return { absorbed, refused };
}
