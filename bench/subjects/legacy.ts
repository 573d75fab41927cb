// The path that the package replaces, by its stand-in: mqtt.js, queue, orchestrator, and a frame to the clients after
// `match:updated`, with the platform's API job beside it. The lock is in memory: one process, and no Redis needed.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { connectAsync } from 'mqtt';
import { Client } from 'pg';
import { WebSocketServer } from 'ws';
import { LegacyPath } from '../../examples/legacy/legacy-path.js';
import type { LegacyQueueItem, MatchUpdated } from '../../src/rollout/index.js';
import { LIVE_MATCHES, matchIdOf } from '../workload.js';
import { ApiJob } from './api-job.js';
import type { FeedItem } from './row.js';
import { type RunningSubject, runSubject, type SubjectSettings } from './subject.js';

const API_JOB_SEED = 1;
const SELECT_SCORE = {
  name: 'score',
  text: 'SELECT home_score_display AS home, away_score_display AS away, minute, status_id AS status FROM ts_matches WHERE external_id = $1',
};

async function start({ mqttUrl, topic, databaseUrl, qos }: SubjectSettings): Promise<RunningSubject> {
  Logger.overrideLogger(['fatal']);
  const path = new LegacyPath({ databaseUrl });
  const reader = new Client({ connectionString: databaseUrl });
  await reader.connect();
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/ws' });
  await once(sockets, 'listening');
  const counts = { received: 0, absorbed: 0, rows: 0, refused: 0 };

  // the event names columns only: whoever hears it reads the row again, as the platform's listeners did
  const show = async ({ matchId }: MatchUpdated) => {
    const { rows } = await reader.query<ShownScore>({ ...SELECT_SCORE, values: [matchId] });
    const text = JSON.stringify(frameOf(matchId, rows[0]!));
    for (const socket of sockets.clients) socket.send(text);
  };
  path.orchestrator.on('match:updated', (event: MatchUpdated) => {
    counts.rows++;
    if (event.fields.some((field) => field.endsWith('_score_display'))) void show(event);
  });
  const client = await connectAsync(mqttUrl);
  client.on('message', (_topic, payload) => {
    counts.received++;
    for (const item of JSON.parse(payload.toString()) as FeedItem[]) path.queue.enqueue(item.id, queueItemOf(item));
  });
  await client.subscribeAsync(topic, { qos });
  const live = Array.from({ length: LIVE_MATCHES }, (_, index) => matchIdOf(index));
  const job = new ApiJob(path.orchestrator, live, API_JOB_SEED);

  const { port } = sockets.address() as AddressInfo;
  return {
    screen: { protocol: 'ws', url: `ws://127.0.0.1:${port}/ws` },
    counts: () => {
      const { queueSize, isFlushing } = path.queue.getStats();
      if (queueSize === 0 && !isFlushing) counts.absorbed = counts.received;
      return { ...counts };
    },
    async stop() {
      await client.endAsync();
      await job.stop();
      await path.close();
      await reader.end();
      sockets.close();
    },
  };
}

interface ShownScore {
  readonly home: number;
  readonly away: number;
  readonly minute: number | null;
  readonly status: number;
}

function frameOf(matchId: string, { home: homeScore, away: awayScore, minute, status: statusId }: ShownScore): object {
  const optimistic = { homeScore, awayScore, minute, minuteText: `${minute}'`, statusId };
  return {
    type: 'SCORE_CHANGE',
    matchId,
    homeScore,
    awayScore,
    minute,
    statusId,
    optimistic,
    timestamp: Date.now(),
  };
}

/** What the platform's handler enqueued of a message: the score alone. */
function queueItemOf({ id, score: [, status, home, away, kickoffS] }: FeedItem): LegacyQueueItem {
  return {
    type: 'score',
    data: {
      matchId: id,
      status,
      statusId: status,
      messageTimestamp: kickoffS,
      minute: null,
      home: sideOf(home),
      away: sideOf(away),
    },
    providerUpdateTime: null,
    ingestionTs: Math.floor(Date.now() / 1000),
  };
}

function sideOf(slots: FeedItem['score'][2]): object {
  const [regularScore, halftime, redCards, yellowCards, corners, overtimeScore, penaltyScore] = slots;
  const score = (overtimeScore === 0 ? regularScore : overtimeScore) + penaltyScore;
  return { score, regularScore, overtimeScore, penaltyScore, halftime, redCards, yellowCards, corners };
}

await runSubject(start);
