// The honest limit, what a careful engineer writes after a month: mqtt.js, the newest item of each match, one batched
// UPDATE in flight, ws. No guard and no journal; QoS 1 is acknowledged before the commit.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connectAsync } from 'mqtt';
import { Client } from 'pg';
import { WebSocketServer } from 'ws';
import { bindUpdate } from './batched-update.js';
import { NewestPerMatch, type Waiting } from './newest-per-match.js';
import type { FeedItem } from './row.js';
import { ScreenScores } from './screen-scores.js';
import { type RunningSubject, runSubject, type SubjectSettings } from './subject.js';

const MOST_ROWS = 200;

/** Idle: writes at once. Busy: what comes meanwhile goes with the next statement. */
class Batcher {
  private readonly newest = new NewestPerMatch();
  private busy = false;

  constructor(
    private readonly client: Client,
    private readonly written: (waiting: Waiting, isRight: boolean) => void,
    private readonly answered: (rows: number) => void,
  ) {}

  take(items: readonly FeedItem[]): void {
    for (const item of items) this.newest.add(item);
    this.flush();
  }

  private flush(): void {
    if (this.busy) return;
    const batch = this.newest.take(MOST_ROWS);
    if (batch.length === 0) return;
    this.busy = true;
    this.client.query(bindUpdate(batch.map(({ item }) => item))).then((result) => {
      for (const waiting of batch) this.written(waiting, result.rowCount === batch.length);
      this.busy = false;
      this.answered(batch.length);
      this.flush();
    }, fail);
  }
}

async function start({ mqttUrl, topic, databaseUrl, qos }: SubjectSettings): Promise<RunningSubject> {
  const db = new Client({ connectionString: databaseUrl });
  await db.connect();
  // a statement first run with arrays of one element would be planned again at every execution
  await db.query('SET plan_cache_mode = force_generic_plan');
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/ws' });
  await once(sockets, 'listening');
  const screen = new ScreenScores();
  const counts = { received: 0, absorbed: 0, rows: 0, refused: 0 };

  let onWritten: (rows: number) => void = () => undefined;
  const show = ({ item, items }: Waiting, isRight: boolean) => {
    counts.rows++;
    if (isRight) counts.absorbed += items;
    else counts.refused += items;
    const frame = screen.frameOf(item);
    if (frame === null) return;
    const text = JSON.stringify(frame);
    for (const socket of sockets.clients) socket.send(text);
  };
  const batcher = new Batcher(db, show, (rows) => onWritten(rows));
  const client = await connectAsync(mqttUrl);
  client.on('message', (_topic, payload) => {
    counts.received++;
    batcher.take(JSON.parse(payload.toString()) as FeedItem[]);
  });
  await client.subscribeAsync(topic, { qos });

  const { port } = sockets.address() as AddressInfo;
  return {
    screen: { protocol: 'ws', url: `ws://127.0.0.1:${port}/ws` },
    counts: () => ({ ...counts }),
    onWritten: (listener) => {
      onWritten = listener;
    },
    async stop() {
      await client.endAsync();
      await db.end();
      sockets.close();
    },
  };
}

/** A peer that has lost a statement is of no use for a comparison. */
function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}

await runSubject(start);
