import { Agent } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { BoardRow } from '../../src/broadcast/ports/board-store.js';
import { MatchStatus } from '../../src/domain/match-status.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { InMemoryBoardStore } from '../../src/testing/in-memory-board-store.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { toldGoal } from '../support/told.js';
import { type LiveReply, liveGet } from './live-get.js';
import { LiveOrigin, type OriginOptions } from './live-origin.js';

guardAgainstLeaks();

/** Longer than any test: who is answered earlier was told something. */
const WAITS = { longPollMs: 60_000 };
/** All turns of these specs end more than half a minute after it, if it stands still. */
const EARLY_IN_THE_TURN = new FakeClock(1_700_000_000_000);
const LONG_AGO = 5;
const MATCH = '/live/matches/m1';
const LIST = '/live/snapshot';

let origins: LiveOrigin[] = [];
afterEach(async () => {
  for (const origin of origins) await origin.close();
  origins = [];
});

async function start(options: OriginOptions = {}): Promise<LiveOrigin> {
  const origin = await LiveOrigin.start({ broadcast: WAITS, clock: EARLY_IN_THE_TURN, ...options });
  origins.push(origin);
  return origin;
}

function tagOf({ headers }: LiveReply): string {
  return String(headers.etag).replaceAll('"', '');
}

function rowOf(matchId: string, details: Partial<BoardRow['details']> = {}): BoardRow {
  return {
    position: { epoch: 1, version: 3 },
    state: {
      matchId,
      status: MatchStatus.FirstHalf,
      home: [1, 0, 0, 0, -1, 0, 0],
      away: [0, 0, 0, 0, -1, 0, 0],
      kickoffs: { firstHalfS: 1_700_000_000, secondHalfS: null, overtimeS: null },
      fallbackKickoffS: null,
      minute: 3,
    } as unknown as BoardRow['state'],
    format: null,
    addedMinutes: null,
    competitionId: 'c1',
    source: 'mqtt',
    receivedAtMs: Date.now(),
    details: { cards: [], substitutions: [], predictions: [], ...details },
  };
}

const CARD = { key: 'a', cardType: 'RED', time: 3, team: 'home', playerId: null, playerName: null } as const;

describe.each(['express', 'fastify'] as const)('readers over HTTP (%s)', (platform) => {
  it('get the newest state of a match, with its position as the begin of its ETag', async () => {
    const origin = await start({ platform });
    origin.tell(toldGoal({ version: 1 }), toldGoal({ version: 2 }));
    const reply = await liveGet(origin.url + MATCH);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).toMatchObject({ matchId: 'm1', position: '1.2', homeScore: 2, cards: [] });
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'public, max-age=1',
      etag: expect.stringMatching(/^"1\.2-[\w-]{8}"$/),
      'live-next': expect.stringMatching(/^1\.2-[\w-]{8}~[0-9a-z]+$/),
    });
  });

  it('get the list of all current matches, with the same digest in two instances', async () => {
    const [one, other] = [await start({ platform }), await start({ platform })];
    one.tell(toldGoal({ matchId: 'a', version: 1 }), toldGoal({ matchId: 'b', version: 1 }));
    other.tell(toldGoal({ matchId: 'b', version: 1 }), toldGoal({ matchId: 'a', version: 1 }));
    const replies = [await liveGet(one.url + LIST), await liveGet(other.url + LIST)] as const;
    const { matches, digest } = JSON.parse(replies[0].text);
    expect(matches.map(({ matchId }: { matchId: string }) => matchId)).toEqual(['a', 'b']);
    expect(tagOf(replies[0])).toBe(digest);
    expect(replies[1].headers.etag).toBe(replies[0].headers.etag);
    expect(replies[1].text).toBe(replies[0].text);
  });

  it('get 304 for what they have, and no body for HEAD', async () => {
    const origin = await start({ platform });
    origin.tell(toldGoal({ version: 1 }));
    for (const path of [MATCH, LIST]) {
      const { headers, text } = await liveGet(origin.url + path);
      const etag = String(headers.etag);
      for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const again = await liveGet(origin.url + path, { headers: { 'if-none-match': known } });
        expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
      }
      expect((await liveGet(origin.url + path, { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
      const head = await liveGet(`${origin.url}${path}?since=${headers['live-next']}`, { method: 'HEAD' });
      expect([head.status, head.text, head.headers.etag]).toEqual([200, '', etag]);
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(text)));
    }
  });

  it.each([
    ['an older position', '1.1'],
    ['another epoch', '0.9'],
    ['other content of the same position', '1.2-aaaaaaaa'],
  ])('who name %s are answered at once', async (_, since) => {
    const origin = await start({ platform });
    origin.tell(toldGoal({ version: 1 }), toldGoal({ version: 2 }));
    const reply = await liveGet(`${origin.url}${MATCH}?since=${since}`);
    expect([reply.status, JSON.parse(reply.text).position]).toEqual([200, '1.2']);
  });

  it('who name what is current are answered as soon as it changes', async () => {
    const origin = await start({ platform });
    origin.tell(toldGoal({ version: 1 }), toldGoal({ matchId: 'm2', version: 1 }));
    const { headers } = await liveGet(origin.url + MATCH);
    const list = await liveGet(origin.url + LIST);
    const etag = encodeURIComponent(String(headers.etag));
    const waiting = [
      ...['1.1', headers['live-next'], etag].map((since) => liveGet(`${origin.url}${MATCH}?since=${since}`)),
      liveGet(`${origin.url}${LIST}?since=${list.headers['live-next']}`),
    ];
    const bystander = liveGet(`${origin.url}/live/matches/m2?since=1.1`);
    await eventually(() => origin.readers === 5, { what: 'five to wait' });
    origin.tell(toldGoal({ version: 2 }));
    const replies = await Promise.all(waiting);
    expect(replies.slice(0, 3).map(({ text }) => JSON.parse(text).position)).toEqual(['1.2', '1.2', '1.2']);
    expect(JSON.parse(replies[3]?.text ?? '').matches[0].position).toBe('1.2');
    expect(origin.readers).toBe(1);
    origin.tell(toldGoal({ matchId: 'm2', version: 2 }));
    await bystander;
  });

  it('who name what is current are answered with it at the end of the turn, and name the next turn', async () => {
    const origin = await start({ platform, broadcast: { longPollMs: 300 }, clock: new SystemClock() });
    origin.tell(toldGoal({ version: 1 }));
    for (const path of [MATCH, LIST]) {
      const before = await liveGet(origin.url + path);
      const after = await liveGet(`${origin.url}${path}?since=${before.headers['live-next']}`);
      expect([after.status, after.text, after.headers.etag]).toEqual([200, before.text, before.headers.etag]);
      expect(after.headers['cache-control']).toBe(path === MATCH ? 'public, max-age=5' : 'public, max-age=1');
      expect(after.headers['live-next']).not.toBe(before.headers['live-next']);
      const known = { headers: { 'if-none-match': String(before.headers.etag) } };
      const unchanged = await liveGet(`${origin.url}${path}?since=${after.headers['live-next']}`, known);
      expect(unchanged.status).toBe(304);
    }
  });

  it('who name a turn that is over, or may not wait, are answered at once', async () => {
    const origin = await start({ platform });
    origin.tell(toldGoal({ version: 1 }));
    for (const path of [MATCH, LIST]) {
      const { headers } = await liveGet(origin.url + path);
      const past = await liveGet(`${origin.url}${path}?since=${tagOf({ headers } as LiveReply)}~0`);
      expect([past.status, past.headers['live-next']]).toEqual([200, headers['live-next']]);
    }
    const hasty = await start({ platform, broadcast: { longPollMs: 0 } });
    hasty.tell(toldGoal({ version: 1 }));
    const reply = await liveGet(`${hasty.url}${MATCH}?since=1.1`);
    expect(reply.headers['live-next']).toBe(tagOf(reply));
  });

  it('who were told more by another instance wait until this one knows it, for a second', async () => {
    const origin = await start({ platform });
    origin.tell(toldGoal({ version: 1 }));
    const waiting = liveGet(`${origin.url}${MATCH}?since=1.3`);
    await eventually(() => origin.readers === 1, { what: 'the reader to wait' });
    origin.tell(toldGoal({ version: 2 }), toldGoal({ version: 3 }), toldGoal({ version: 4 }));
    expect(JSON.parse((await waiting).text).position).toBe('1.4');
    const vain = await liveGet(`${origin.url}${MATCH}?since=1.99~0`);
    expect([vain.status, JSON.parse(vain.text).position]).toEqual([200, '1.4']);
    expect(vain.headers['cache-control']).toBe('public, max-age=1');
  });

  it('hear of cards and clocks, which have no version', async () => {
    const store = new InMemoryBoardStore(new SystemClock());
    store.put(rowOf('m1'));
    const origin = await start({ platform, store });
    const before = await liveGet(origin.url + MATCH);
    expect(JSON.parse(before.text)).toMatchObject({ position: '1.3', competitionId: 'c1', cards: [] });
    const waiting = liveGet(`${origin.url}${MATCH}?since=${tagOf(before)}`);
    await eventually(() => origin.readers === 1, { what: 'the reader to wait' });
    store.put(rowOf('m1', { cards: [CARD] }));
    origin.tell({ matchId: 'm1', frames: [], details: true });
    const after = await waiting;
    expect(JSON.parse(after.text)).toMatchObject({ position: '1.3', cards: [{ cardType: 'RED' }] });
    expect(tagOf(after)).not.toBe(tagOf(before));
    const ticking = liveGet(`${origin.url}${MATCH}?since=${tagOf(after)}`);
    await eventually(() => origin.readers === 1, { what: 'the reader to wait' });
    const { clock } = toldGoal({ version: 1 }).version ?? {};
    if (!clock) throw new Error('A goal has a clock');
    origin.tell({ matchId: 'm1', frames: [], clock: { ...clock, addedAnnouncedMinutes: 6 } });
    expect(JSON.parse((await ticking).text).clock.addedAnnouncedMinutes).toBe(6);
  });

  it('find a match that is not current in the database, and hear for a while that there is none', async () => {
    const store = new InMemoryBoardStore(new SystemClock());
    store.put({ ...rowOf('old'), state: { ...rowOf('old').state, status: MatchStatus.Ended } });
    const origin = await start({ platform, store });
    expect(JSON.parse((await liveGet(origin.url + LIST)).text).matches).toEqual([]);
    expect((await liveGet(`${origin.url}/live/matches/old`)).status).toBe(200);
    const none = await liveGet(`${origin.url}/live/matches/none?since=1.1`);
    expect([none.status, none.headers['cache-control']]).toEqual([404, 'public, max-age=5']);
    const asked = store.asked.length;
    await liveGet(`${origin.url}/live/matches/none`);
    expect(store.asked).toHaveLength(asked);
  });

  it('hear that an id is none, without a question to the database', async () => {
    const store = new InMemoryBoardStore(new SystemClock());
    const origin = await start({ platform, store });
    await liveGet(origin.url + LIST);
    const asked = store.asked.length;
    for (const id of ['a%00b', 'a%0Ab', 'x'.repeat(256)]) {
      // Fastify itself refuses the long one
      expect([404, 414]).toContain((await liveGet(`${origin.url}/live/matches/${id}`)).status);
    }
    expect(store.asked).toHaveLength(asked);
  });

  it.each(['x', '1', '1.2.3', '', '%22%3Cscript%3E', '1.1&since=1.1'])(
    'hear what is wrong with since=%s, and not what they sent',
    async (since) => {
      const origin = await start({ platform });
      origin.tell(toldGoal({ version: 1 }));
      for (const path of [MATCH, LIST]) {
        const reply = await liveGet(`${origin.url}${path}?since=${since}`);
        expect(reply.status).toBe(400);
        expect(JSON.parse(reply.text)).toEqual({
          statusCode: 400,
          error: 'Bad Request',
          message:
            '"since" must be what an answer named in "Live-Next" or in "ETag", or the position of a match, as 1.17',
        });
      }
    },
  );

  it('are told to come back while the database is away', async () => {
    const store = new InMemoryBoardStore(new SystemClock());
    store.put(rowOf('m1'));
    store.answer = () => Promise.reject(new Error('away'));
    const origin = await start({ platform, store });
    for (const path of [MATCH, LIST]) {
      const reply = await liveGet(origin.url + path);
      expect([reply.status, reply.headers['retry-after'], reply.headers['cache-control']]).toEqual([
        503,
        '1',
        'no-store',
      ]);
    }
    store.answer = async () => undefined;
    await eventually(async () => (await liveGet(origin.url + LIST)).status === 200, { what: 'the list' });
  });

  it('who leave are forgotten', async () => {
    const origin = await start({ platform });
    origin.tell(toldGoal({ version: 1 }));
    const leaving = new AbortController();
    const { headers } = await liveGet(origin.url + LIST);
    const asked = [`${MATCH}?since=1.1`, `${LIST}?since=${headers['live-next']}`, `${MATCH}?since=1.5`].map((path) =>
      liveGet(origin.url + path, { signal: leaving.signal }).catch(() => 'gone'),
    );
    await eventually(() => origin.readers === 3, { what: 'three to wait' });
    leaving.abort();
    expect(await Promise.all(asked)).toEqual(['gone', 'gone', 'gone']);
    await eventually(() => origin.readers === 0, { what: 'all to be forgotten' });
  });

  it('who wait are answered when the host ends, and it ends', async () => {
    const origin = await start({ platform });
    origin.tell(toldGoal({ version: 1 }));
    const { headers } = await liveGet(origin.url + LIST);
    const agent = new Agent({ keepAlive: true });
    const paths = [`${MATCH}?since=1.1`, `${LIST}?since=${headers['live-next']}`, `${MATCH}?since=1.1~zzzzzz`];
    const waiting = paths.map((path) => liveGet(origin.url + path, { agent }));
    await eventually(() => origin.readers === 3, { what: 'three to wait' });
    await origin.close();
    for (const reply of await Promise.all(waiting)) {
      expect([reply.status, reply.headers.connection]).toEqual([200, 'close']);
    }
    agent.destroy();
  });

  it('meet the guards and the prefix of the host; what a guard let through is nobody else’s', async () => {
    const guard: CanActivate = {
      canActivate: (context: ExecutionContext) =>
        context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers.authorization === 'Bearer me',
    };
    const origin = await start({ platform, guard, prefix: 'api' });
    origin.tell(toldGoal({ version: 1 }));
    expect((await liveGet(`${origin.url}/api${MATCH}`)).status).toBe(403);
    expect((await liveGet(`${origin.url}${MATCH}`)).status).toBe(404);
    const reply = await liveGet(`${origin.url}/api${MATCH}`, { headers: { authorization: 'Bearer me' } });
    expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'private, max-age=1']);
  });

  it('a thousand of them are answered by one change, and leave nothing behind', async () => {
    const origin = await start({ platform });
    origin.tell(toldGoal({ version: LONG_AGO }));
    const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
    const waiting = Array.from({ length: 1_000 }, () =>
      liveGet(`${origin.url}${MATCH}?since=1.${LONG_AGO}`, { agent }),
    );
    await eventually(() => origin.readers === 1_000, { what: 'a thousand to wait', timeoutMs: 40_000 });
    origin.tell(toldGoal({ version: LONG_AGO + 1 }));
    const texts = new Set((await Promise.all(waiting)).map(({ text }) => text));
    expect([...texts].map((text) => JSON.parse(text).position)).toEqual([`1.${LONG_AGO + 1}`]);
    expect(origin.readers).toBe(0);
    agent.destroy();
  });
});
