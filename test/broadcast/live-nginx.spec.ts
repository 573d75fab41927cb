import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { type Nginx, nginxInstalled, startNginx } from '../support/nginx.js';
import { toldGoal } from '../support/told.js';
import { liveGet } from './live-get.js';
import { LiveOrigin } from './live-origin.js';
import { LivePoller } from './live-poller.js';

guardAgainstLeaks();

const POLLERS = 300;
const TURN_MS = 2_000;
const QUIET_TURNS = 4;
const GOALS = 6;
const MATCH = '/live/matches/m1';

const describeOnNginx = nginxInstalled() ? describe : describe.skip;
if (!nginxInstalled()) console.warn('Skipped: nginx is not installed (apt-get install nginx-light)');

describeOnNginx('two instances behind nginx, configured as docs/live-http.md says', () => {
  const asked: string[] = [];
  let origins: [LiveOrigin, LiveOrigin];
  let nginx: Nginx;

  const start = (): Promise<LiveOrigin> =>
    LiveOrigin.start({ broadcast: { longPollMs: TURN_MS }, onRequest: (url) => asked.push(url) });

  /** One instance commits, the other one hears of it a little later. */
  async function goal(version: number, matchId = 'm1'): Promise<void> {
    const [first, second] = version % 2 === 0 ? origins : [origins[1], origins[0]];
    first.tell(toldGoal({ matchId, version }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    second.tell(toldGoal({ matchId, version }));
  }

  beforeAll(async () => {
    origins = [await start(), await start()];
    nginx = await startNginx([origins[0].url, origins[1].url]);
  });
  afterAll(async () => {
    for (const origin of origins ?? []) await origin.close();
    await nginx?.stop();
  });

  it('are asked a few times, however many ask nginx: all have every newest version, and never an older one', async () => {
    await goal(1);
    const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
    const wrong: string[] = [];
    const watch = { newer: () => undefined, wrong: (what: string) => void wrong.push(what) };
    const pollers = Array.from({ length: POLLERS }, () => new LivePoller(nginx.url + MATCH, agent, watch));
    const over = new AbortController();
    setMaxListeners(0, over.signal);
    const startedAtMs = performance.now();
    asked.length = 0;
    const running = pollers.map((poller) => poller.run(over.signal));
    for (let version = 1; version <= GOALS; version++) {
      if (version > 1) await goal(version);
      await eventually(() => pollers.every((poller) => poller.version === version), {
        what: `all to have ${version}`,
        timeoutMs: 30_000,
      });
    }
    const answered = pollers.map(({ answers }) => answers);
    const hadTurns = () => pollers.every(({ answers }, at) => answers >= (answered[at] ?? 0) + QUIET_TURNS);
    await eventually(hadTurns, { what: 'turns without news', timeoutMs: 60_000 });
    const seconds = (performance.now() - startedAtMs) / 1_000;
    over.abort();
    await Promise.all(running);
    agent.destroy();
    expect(wrong).toEqual([]);
    expect(asked.filter((url) => url.startsWith(MATCH)).length / seconds).toBeLessThanOrEqual(2);
  }, 180_000);

  it('answer who comes with the ETag of nginx with 304', async () => {
    await goal(1, 'm2');
    const url = `${nginx.url}/live/matches/m2`;
    const { headers } = await liveGet(url);
    const again = await liveGet(url, { headers: { 'if-none-match': String(headers.etag) } });
    expect(again.status).toBe(304);
  });

  it('keep apart what only looks alike: nobody puts an error into the place of an answer', async () => {
    await goal(1, 'm5');
    const url = `${nginx.url}/live/matches/m5?since=1.0`;
    expect((await liveGet(`${url}&since=x`)).status).toBe(400);
    expect((await liveGet(`${url}&x=x`)).status).toBe(200);
    expect((await liveGet(url)).status).toBe(200);
  });

  it('keep what one reader may see from all others', async () => {
    await goal(1, 'm3');
    const url = `${nginx.url}/live/matches/m3`;
    asked.length = 0;
    await liveGet(url, { headers: { authorization: 'Bearer me' } });
    await liveGet(url);
    expect(asked.filter((path) => path.startsWith('/live/matches/m3'))).toHaveLength(2);
  });

  it('go on while one of them ends: nginx asks the other one', async () => {
    await goal(1, 'm4');
    const waiting = Array.from({ length: 20 }, () => liveGet(`${nginx.url}/live/matches/m4?since=1.1`));
    await eventually(() => origins.some(({ readers }) => readers > 0), { what: 'a reader to wait' });
    await origins[0].close();
    for (const reply of await Promise.all(waiting)) expect(reply.status).toBe(200);
    const later = await Promise.all(
      Array.from({ length: 20 }, (_, at) => liveGet(`${nginx.url}/live/matches/m4?since=0.${at}`)),
    );
    expect(later.map(({ status }) => status)).toEqual(later.map(() => 200));
  });
});
