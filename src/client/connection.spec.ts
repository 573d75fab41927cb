import { describe, expect, it } from '@jest/globals';
import { ClientUnderTest, WELCOME } from '../../test/client/client-under-test.js';
import { matchView, snapshotFrame } from '../../test/client/frames.js';

const GOODBYE = { type: 'GOODBYE', reason: 'shutdown', retryAfterMs: 3_000, timestamp: 1 };

const statesOf = (test: ClientUnderTest) => test.told('connection').map(({ state }) => state);

/** Ends the connection, or what would be one, and says how long the client waits. */
function waitAfterEnd(test: ClientUnderTest, code?: number): number {
  test.socket.end(code);
  return test.timers.nextMs;
}

describe('a connection that is made', () => {
  it('asks for protocol 2 and says what it is doing', () => {
    const test = new ClientUnderTest();
    expect(test.client.state).toBe('stopped');
    test.open();
    expect(test.socket.url).toBe('wss://host.test/ws?protocol=2');
    test.socket.tell(snapshotFrame([matchView('1.1')], { id: test.lastId }));
    expect(statesOf(test)).toEqual(['connecting', 'resuming', 'live']);
    expect(test.client.state).toBe('live');
  });

  it('keeps the query of its address', () => {
    const test = new ClientUnderTest({ url: 'wss://host.test/ws?tenant=1' });
    test.client.start();
    expect(test.socket.url).toBe('wss://host.test/ws?tenant=1&protocol=2');
  });

  it('is one, however often it is started', () => {
    const test = new ClientUnderTest();
    test.client.start();
    test.client.start();
    expect(test.sockets).toHaveLength(1);
  });

  it('sends a ping every 25 s', () => {
    const test = new ClientUnderTest();
    test.open();
    test.socket.tell(snapshotFrame([], { id: test.lastId }));
    for (let turn = 0; turn < 5; turn += 1) {
      test.timers.advance(10_000);
      test.socket.tell({ type: 'PING', timestamp: 1 });
    }
    expect(test.socket.messages.filter(({ type }) => type === 'PING')).toHaveLength(2);
  });

  it('is given up after 10 s without a welcome, whatever else is said meanwhile', () => {
    const test = new ClientUnderTest();
    test.client.start();
    test.timers.advance(9_000);
    test.socket.tell({ type: 'CONNECTED_FROM_HANDLER', message: 'welcome', timestamp: 1 });
    expect(test.client.state).toBe('connecting');
    test.timers.advance(1_000);
    expect(test.client.state).toBe('waiting');
    expect(test.socket.closedWith).toBe(1000);
  });

  it('is closed and made again when it is silent for 10 s longer than the server said', () => {
    const test = new ClientUnderTest();
    test.open();
    test.socket.tell(snapshotFrame([], { id: test.lastId }));
    test.timers.advance(24_000);
    test.socket.tell({ type: 'PING', timestamp: 1 });
    test.timers.advance(24_999);
    expect(test.client.state).toBe('live');
    test.timers.advance(1);
    expect(test.client.state).toBe('waiting');
    test.timers.advance(500);
    expect(test.sockets).toHaveLength(2);
  });

  it('is made again when no WebSocket could be made, and says so', () => {
    const { WebSocket } = {
      WebSocket: class {
        constructor() {
          throw new SyntaxError('no address');
        }
      },
    };
    const test = new ClientUnderTest({ WebSocket: WebSocket as never });
    test.client.start();
    expect(test.told('error')).toMatchObject([{ code: 'CONNECT' }]);
    expect(test.client.state).toBe('waiting');
  });
});

describe('a connection that is lost', () => {
  it.each([
    ['the shortest wait', 0, [500, 500, 500, 500, 500, 500, 500, 500]],
    ['the longest wait', 1, [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000]],
  ])('comes back after a wait that is spread: %s', (_, random, waits) => {
    const test = new ClientUnderTest({ random: () => random });
    test.client.start();
    const seen = waits.map(() => {
      const waitMs = waitAfterEnd(test);
      test.timers.advance(waitMs);
      return waitMs;
    });
    expect(seen).toEqual(waits);
  });

  it('never gives up', () => {
    const test = new ClientUnderTest({ random: () => 1 });
    test.client.start();
    for (let attempt = 0; attempt < 2_000; attempt += 1) test.timers.advance(waitAfterEnd(test));
    expect(test.sockets).toHaveLength(2_001);
    expect(test.timers.nextMs).toBeLessThanOrEqual(20_000);
  });

  it('waits as after the first failure only when it had lived for 10 s', () => {
    const test = new ClientUnderTest({ random: () => 1 });
    test.open();
    test.timers.advance(waitAfterEnd(test));
    test.socket.tell(WELCOME);
    expect(waitAfterEnd(test)).toBe(2_000);
    test.timers.advance(2_000);
    test.socket.tell(WELCOME);
    test.timers.advance(10_000);
    expect(waitAfterEnd(test)).toBe(1_000);
  });

  it.each([
    [0, 3_000],
    [1, 6_000],
  ])('waits as long as the server said, spread by chance %s', (random, waitMs) => {
    const test = new ClientUnderTest({ random: () => random });
    test.open();
    test.socket.tell(GOODBYE);
    expect(waitAfterEnd(test, 1001)).toBe(waitMs);
  });

  it('takes no wait beyond a minute, and none below zero, from a server', () => {
    for (const [retryAfterMs, waitMs] of [
      [9e9, 60_000],
      [-5, 0],
      ['soon', 0],
      [null, 0],
    ] as const) {
      const test = new ClientUnderTest();
      test.open();
      test.socket.tell({ ...GOODBYE, retryAfterMs });
      expect(waitAfterEnd(test)).toBe(waitMs);
    }
  });

  it('connects no sooner than the server said when the page becomes visible', () => {
    const test = new ClientUnderTest();
    test.open();
    test.socket.tell(GOODBYE);
    test.socket.end(1001);
    test.page.setHidden(false);
    expect(test.sockets).toHaveLength(1);
    test.timers.advance(3_000);
    expect(test.sockets).toHaveLength(2);
  });
});

describe('a page', () => {
  it('does not connect while it is hidden, and at once when it is visible', () => {
    const test = new ClientUnderTest();
    test.open();
    test.page.setHidden(true);
    expect(test.client.state).toBe('resuming');
    test.socket.end();
    test.timers.advance(3_600_000);
    expect(test.sockets).toHaveLength(1);
    expect(test.client.state).toBe('hidden');
    expect(test.timers.count).toBe(0);
    test.page.fire('online');
    expect(test.sockets).toHaveLength(1);
    test.page.setHidden(false);
    expect(test.sockets).toHaveLength(2);
  });

  it.each(['online', 'pageshow', 'visibilitychange'] as const)('cuts a wait short on %s', (event) => {
    const test = new ClientUnderTest({ random: () => 1 });
    test.open();
    test.socket.end();
    test.page.fire(event);
    expect(test.sockets).toHaveLength(2);
    test.page.fire(event);
    expect(test.sockets).toHaveLength(2);
  });

  it('looks whether a connection that it comes back to still answers', () => {
    const test = new ClientUnderTest();
    test.open();
    test.page.setHidden(false);
    expect(test.socket.messages.at(-1)).toMatchObject({ type: 'PING' });
    test.timers.advance(4_999);
    test.socket.tell({ type: 'PONG', timestamp: 1 });
    test.timers.advance(10_000);
    expect(test.sockets).toHaveLength(1);
    test.page.setHidden(false);
    test.timers.advance(5_000);
    expect(test.client.state).toBe('waiting');
  });

  it('that is hidden from the start connects when it is visible', () => {
    const test = new ClientUnderTest();
    test.page.document.hidden = true;
    test.client.start();
    expect(test.client.state).toBe('hidden');
    test.page.setHidden(false);
    expect(test.client.state).toBe('connecting');
  });
});

/** Lets promises that are settled run on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await null;
}

describe('a token', () => {
  it('is offered as a subprotocol, and by the address when it cannot be one', () => {
    const plain = new ClientUnderTest({ token: 'abc.DEF-1_2' });
    plain.client.start();
    expect(plain.socket).toMatchObject({
      protocols: ['livescore.v2', 'bearer.abc.DEF-1_2'],
      url: 'wss://host.test/ws?protocol=2',
    });
    const other = new ClientUnderTest({ token: 'a/b c=' });
    other.client.start();
    expect(other.socket).toMatchObject({ protocols: [], url: 'wss://host.test/ws?protocol=2&token=a%2Fb%20c%3D' });
  });

  it('that is refused ends the client when nobody has another', () => {
    for (const token of [undefined, 'old']) {
      const test = new ClientUnderTest({ token });
      test.open();
      test.socket.end(4401);
      expect(test.client.state).toBe('refused');
      expect(test.told('error')).toMatchObject([{ code: 'UNAUTHORIZED' }]);
      expect(test.timers.count).toBe(0);
      expect(test.page.listenerCount).toBe(0);
      test.client.start();
      expect(test.sockets).toHaveLength(2);
    }
  });

  it('is asked for again when it is refused, not more often than the client waits', async () => {
    let asked = 0;
    const test = new ClientUnderTest({
      token: async () => {
        asked += 1;
        return `t${asked}`;
      },
    });
    test.client.start();
    await settled();
    test.socket.tell(WELCOME);
    test.socket.end(4401);
    test.page.setHidden(false);
    await settled();
    expect(asked).toBe(1);
    test.timers.advance(500);
    await settled();
    expect(test.sockets.map(({ protocols }) => protocols[1])).toEqual(['bearer.t1', 'bearer.t2']);
  });

  it('is kept over a connection that is lost, and asked for again when none was made', async () => {
    let asked = 0;
    const test = new ClientUnderTest({ token: () => `t${++asked}` });
    test.client.start();
    await settled();
    test.socket.tell(WELCOME);
    test.reconnect();
    await settled();
    expect(asked).toBe(1);
    test.reconnect();
    test.socket.end();
    test.timers.advance(500);
    test.socket.end();
    test.timers.advance(500);
    await settled();
    expect(asked).toBe(2);
  });

  it('that cannot be had is asked for again after a wait', async () => {
    const test = new ClientUnderTest({ token: () => Promise.reject(new Error('no')) });
    test.client.start();
    await settled();
    expect(test.told('error')).toMatchObject([{ code: 'TOKEN' }]);
    expect(test.client.state).toBe('waiting');
  });

  it('that never comes is given up after 10 s, and is not used when it comes at last', async () => {
    let answer: (token: string) => void = () => {};
    const test = new ClientUnderTest({
      token: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    test.client.start();
    await settled();
    const late = answer;
    test.timers.advance(10_000);
    expect(test.client.state).toBe('waiting');
    late('late');
    await settled();
    expect(test.sockets).toHaveLength(0);
  });
});

describe('what is no frame of the protocol', () => {
  it.each([
    '{',
    '',
    'null',
    '1',
    '[]',
    '{"type":"CHANGE"}',
    '{"type":"SNAPSHOT","recovered":true}',
    '{"type":"CHANGE","matchId":"m1","position":"1.x","previous":"1.1","events":[]}',
    '{"type":"SNAPSHOT","recovered":true,"unknown":[],"matches":[{"matchId":"m1","position":"1.9"}]}',
    '{"type":"DETAILS"}',
    '{"type":"CLOCK"}',
    '{"type":"ERROR"}',
    '{"type":"GOODBYE"}',
    '{"type":"LATER"}',
    '{"type":7}',
  ])('does no harm: %s', (text) => {
    const test = new ClientUnderTest();
    test.open();
    test.socket.tell(snapshotFrame([matchView('1.1')], { id: test.lastId }));
    const before = test.client.match('m1');
    expect(() => test.socket.tell(text)).not.toThrow();
    expect(test.client.match('m1')).toBe(before);
    expect(test.client.state).toBe('live');
  });

  it('is told as an error when it cannot be read', () => {
    const test = new ClientUnderTest();
    test.open();
    test.socket.tell('{');
    expect(test.told('error')).toMatchObject([{ code: 'BAD_FRAME' }]);
  });

  it('is a welcome of another protocol: the client says so and waits for long', () => {
    const test = new ClientUnderTest();
    test.client.start();
    test.socket.tell({ ...WELCOME, protocol: 3 });
    expect(test.told('error')).toMatchObject([{ code: 'UNSUPPORTED_PROTOCOL' }]);
    expect(test.client.state).toBe('waiting');
    expect(test.timers.nextMs).toBe(60_000);
  });
});

describe('a client that is stopped', () => {
  it('has no timer, no listener and no connection, and tells nothing', () => {
    const test = new ClientUnderTest();
    test.open();
    const { socket } = test;
    test.client.stop();
    expect(test.timers.count).toBe(0);
    expect(test.page.listenerCount).toBe(0);
    expect(socket.closedWith).toBe(1000);
    const before = test.heard.length;
    socket.tell(snapshotFrame([matchView('1.1')]));
    socket.end();
    test.timers.advance(3_600_000);
    expect(test.heard).toHaveLength(before);
    expect(test.client.matches()).toEqual([]);
    expect(test.client.state).toBe('stopped');
  });

  it('in the middle of a wait, or by its own listener, stays so', () => {
    const test = new ClientUnderTest();
    test.client.on('connection', ({ state }) => {
      if (state === 'waiting') test.client.stop();
    });
    test.open();
    test.socket.end();
    expect(test.client.state).toBe('stopped');
    expect(test.timers.count).toBe(0);
  });

  it('by a listener that hears of the connecting makes no connection', () => {
    const test = new ClientUnderTest();
    test.client.on('connection', () => test.client.stop());
    test.client.start();
    expect(test.sockets).toHaveLength(0);
    expect(test.timers.count).toBe(0);
  });

  it('has no timer left when the server welcomed it twice', () => {
    const test = new ClientUnderTest();
    test.open();
    test.socket.tell(WELCOME);
    expect(test.asked).toHaveLength(1);
    test.client.stop();
    expect(test.timers.count).toBe(0);
  });

  it('starts again with what it holds', () => {
    const test = new ClientUnderTest();
    test.open();
    test.socket.tell(snapshotFrame([matchView('1.4')], { id: test.lastId }));
    test.client.stop();
    test.open();
    expect(test.asked).toMatchObject([{ since: { m1: '1.4' } }]);
  });
});
