import { describe, expect, it } from '@jest/globals';
import { FakeWsClient } from '../../../../test/support/fake-ws-client.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import type { Doorkeeper } from './doorkeeper.js';
import { Identities } from './identities.js';
import type { ClientKind, WsClient } from './ws-client.js';
import { jsonFrame } from './ws-frame.js';

type Result = Awaited<ReturnType<Doorkeeper['authenticate']>>;

function setUp(kind: ClientKind = 'live') {
  const time = new VirtualTime();
  const clock = new VirtualClock(time);
  const fake = new FakeWsClient('c1', kind);
  let answer: (gone: AbortSignal) => Promise<Result> = async () => null;
  const service = {
    send: (client: WsClient, frame: object) => client.write(jsonFrame(frame)),
    sayGoodbye: (client: WsClient, reason: string, { code, reason: text }: { code: number; reason: string }) => {
      client.write(jsonFrame({ type: 'GOODBYE', reason }));
      client.close(code, text);
    },
  };
  const doorkeeper = { authenticate: (_token: string, _facts: unknown, gone: AbortSignal) => answer(gone) };
  const identities = new Identities(service, doorkeeper, clock, new VirtualScheduler(time));
  const inMs = (ms: number | null) => ({
    subject: 'u1',
    claims: {},
    expiresAtMs: ms === null ? null : clock.nowMs() + ms,
  });
  return {
    time,
    clock,
    fake,
    identities,
    inMs,
    renew: (makes: typeof answer) => {
      answer = makes;
      return identities.renew(fake.client, { type: 'AUTHENTICATE', id: 'a', token: 't' });
    },
  };
}

describe('an identity', () => {
  it('that expires ends its connection', async () => {
    const { time, fake, identities, inMs } = setUp();
    fake.client.identity = inMs(10_000);
    identities.watch(fake.client);
    await time.advance(9_000);
    expect(fake.frames).toEqual([]);
    await time.advance(2_000);
    expect(fake.frames).toMatchObject([
      { type: 'ERROR', code: 'TOKEN_EXPIRED' },
      { type: 'GOODBYE', reason: 'expired' },
    ]);
    expect([fake.ws.closed?.code, time.waiting]).toEqual([4401, 0]);
  });

  it.each<ClientKind>(['legacy', 'ticking'])(
    'of a %s client that expires is told by the close code alone',
    async (kind) => {
      const { time, fake, identities, inMs } = setUp(kind);
      fake.client.identity = inMs(10_000);
      identities.watch(fake.client);
      await time.advance(12_000);
      expect([fake.frames, fake.ws.closed?.code]).toEqual([[], 4401]);
    },
  );

  it.each([
    ['to a later time', 60_000, 50_000],
    ['for ever', null, null],
  ])('is renewed %s', async (_name, ms, endsAfterMs) => {
    const { time, fake, identities, inMs, renew, clock } = setUp();
    fake.client.identity = inMs(10_000);
    identities.watch(fake.client);
    const identity = inMs(ms);
    await renew(async () => ({ identity }));
    const expiresAt = ms === null ? undefined : clock.nowMs() + ms;
    expect(fake.frames[0]).toMatchObject({ type: 'AUTHENTICATED', id: 'a', ...(expiresAt && { expiresAt }) });
    await time.advance(50_000);
    expect(fake.ws.closed).toBeNull();
    await time.advance(12_000);
    expect(fake.ws.closed?.code).toBe(endsAfterMs === null ? undefined : 4401);
  });

  it('that never expired may be replaced by one that does', async () => {
    const { time, fake, inMs, renew } = setUp();
    for (const ms of [5_000, 10_000]) await renew(async () => ({ identity: inMs(ms) }));
    await time.advance(8_000);
    expect(fake.ws.closed).toBeNull();
    await time.advance(3_000);
    expect(fake.ws.closed?.code).toBe(4401);
  });

  it.each<[Result, string]>([
    [null, 'REFUSED'],
    [{ refusal: 'unauthorized' } as Result, 'UNAUTHORIZED'],
    [{ refusal: 'busy' } as Result, 'UNAVAILABLE'],
    [{ refusal: 'late' } as Result, 'UNAVAILABLE'],
  ])('is kept where the new one is answered %j', async (result, code) => {
    const { fake, renew, inMs } = setUp();
    const before = inMs(10_000);
    fake.client.identity = before;
    await expect(renew(async () => result)).rejects.toMatchObject({ code });
    expect([fake.client.identity, fake.ws.listenerCount('close')]).toEqual([before, 0]);
  });

  it('of a client that leaves meanwhile is asked for no longer', async () => {
    const { time, fake, renew, inMs } = setUp();
    let signal: AbortSignal | undefined;
    const renewed = renew(async (gone) => {
      signal = gone;
      fake.ws.gone();
      return { identity: inMs(1_000) };
    });
    await renewed;
    expect([signal?.aborted, fake.frames, time.waiting]).toEqual([true, [], 0]);
  });

  it('leaves nothing behind when it cannot be asked for', async () => {
    const { fake, renew } = setUp();
    await expect(renew(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(fake.ws.listenerCount('close')).toBe(0);
  });
});
