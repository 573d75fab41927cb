// What a careful engineer writes by hand: mqtt.js, one prepared UPDATE per message on two connections, ws.
// A match always uses the same connection, so its updates keep their order.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connectAsync } from 'mqtt';
import { Client } from 'pg';
import { WebSocketServer } from 'ws';
import { type FeedItem, ROW_COLUMNS, rowValues } from './row.js';
import { ScreenScores } from './screen-scores.js';
import { type RunningSubject, runSubject, type SubjectSettings } from './subject.js';

const CONNECTIONS = 2;
/** Raises `score_version` like a writer that knows the schema: the trigger for foreign writers lets it pass at once. */
const UPDATE = {
  name: 'update',
  text: `UPDATE ts_matches SET ${ROW_COLUMNS.map((column, i) => `${column} = $${i + 2}`).join(', ')},
           score_version = score_version + 1, updated_at = now()
         WHERE external_id = $1`,
};

/** One connection and the order of its statements. */
class Lane {
  private tail: Promise<void> = Promise.resolve();

  constructor(private readonly client: Client) {}

  update(item: FeedItem, done: (rows: number) => void): void {
    this.tail = this.tail.then(async () => {
      const result = await this.client.query({ ...UPDATE, values: [item.id, ...rowValues(item)] });
      done(result.rowCount ?? 0);
    });
  }

  async close(): Promise<void> {
    await this.tail;
    await this.client.end();
  }
}

async function start({ mqttUrl, topic, databaseUrl, qos }: SubjectSettings): Promise<RunningSubject> {
  const lanes = await Promise.all(Array.from({ length: CONNECTIONS }, () => openLane(databaseUrl)));
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/ws' });
  await once(sockets, 'listening');
  const screen = new ScreenScores();
  const counts = { received: 0, absorbed: 0, rows: 0, refused: 0 };

  const client = await connectAsync(mqttUrl);
  client.on('message', (_topic, payload) => {
    counts.received++;
    for (const item of JSON.parse(payload.toString()) as FeedItem[]) {
      lanes[laneOf(item.id)]!.update(item, (rows) => {
        counts.rows += rows;
        if (rows === 1) counts.absorbed++;
        else counts.refused++;
        const frame = screen.frameOf(item);
        if (frame === null) return;
        const text = JSON.stringify(frame);
        for (const socket of sockets.clients) socket.send(text);
      });
    }
  });
  await client.subscribeAsync(topic, { qos });

  const { port } = sockets.address() as AddressInfo;
  return {
    screen: { protocol: 'ws', url: `ws://127.0.0.1:${port}/ws` },
    counts: () => ({ ...counts }),
    async stop() {
      await client.endAsync();
      await Promise.all(lanes.map((lane) => lane.close()));
      sockets.close();
    },
  };
}

async function openLane(databaseUrl: string): Promise<Lane> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  return new Lane(client);
}

function laneOf(matchId: string): number {
  let hash = 0;
  for (let i = 0; i < matchId.length; i++) hash = (hash * 31 + matchId.charCodeAt(i)) | 0;
  return Math.abs(hash) % CONNECTIONS;
}

await runSubject(start);
