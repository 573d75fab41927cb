import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { floodFrame } from './flooded-matches.js';

// A process of its own, so that what measures is not what floods: node flood.js URL TOPIC FRAMES_PER_SECOND

const [url = '', topic = '', perSecond = '1'] = process.argv.slice(2);
const TICK_MS = 10;

const client = await connectAsync(url, { connectTimeout: 10_000 });
const kickoffS = Math.floor(Date.now() / 1_000) - 600;
let sent = 0;
let lastMs = performance.now();
for (;;) {
  await pause(TICK_MS);
  const nowMs = performance.now();
  // after a stall the flood goes on as before: it does not make up for it
  const due = Math.round((Math.min(nowMs - lastMs, 10 * TICK_MS) / 1_000) * Number(perSecond));
  lastMs = nowMs;
  for (let n = 0; n < due; n += 1) client.publish(topic, floodFrame(sent + n, kickoffS));
  sent += due;
  process.send?.(sent);
}
