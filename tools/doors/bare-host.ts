import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectAsync } from 'mqtt';
import { Pool } from 'pg';
import { WebSocketServer } from 'ws';

// A host of Node, `ws`, `mqtt` and `pg` alone, that does the least for a goal: what an attack costs it is what Node costs.
// It knows no bounds, so a flood of messages slows it as it likes; it is measured for attacks on connections.

const { DATABASE_URL = '', MQTT_URL = '', MQTT_TOPIC = '' } = process.env;
const pool = new Pool({ connectionString: DATABASE_URL, max: 1 });
const server = createServer((request, response) => {
  response.statusCode = request.url === '/health' ? 200 : 404;
  response.end('{"status":"ok"}');
});
const sockets = new WebSocketServer({ server, path: '/ws', maxPayload: 4_096, perMessageDeflate: false });
sockets.on('connection', (ws) => ws.on('error', () => undefined));

const feed = await connectAsync(MQTT_URL);
feed.on('message', (_topic, payload) => void goal(String(payload)));
await feed.subscribeAsync(MQTT_TOPIC);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.once('SIGTERM', () => process.exit(0));
console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`);

async function goal(text: string): Promise<void> {
  const [matchId, , home] = JSON.parse(text) as [string, number, number[]];
  const homeScore = home[0] ?? 0;
  await pool.query('UPDATE ts_matches SET home_score_display = $2 WHERE external_id = $1', [matchId, homeScore]);
  const frame = JSON.stringify({ type: 'SCORE_CHANGE', matchId, homeScore });
  for (const ws of sockets.clients) ws.send(frame);
}
