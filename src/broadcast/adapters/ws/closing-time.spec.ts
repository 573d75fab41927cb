import { describe, expect, it } from '@jest/globals';
import { FakeWsClient } from '../../../../test/support/fake-ws-client.js';
import { VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import { Random } from '../../../kernel/seeded-random.js';
import { closeInSlices } from './closing-time.js';
import type { ClientKind, WsClient } from './ws-client.js';

const FAREWELL = { code: 1001, reason: 'away' };

function crowd(count: number, kind: (n: number) => ClientKind = () => 'live') {
  const time = new VirtualTime();
  const random = new Random(15);
  const scheduler = new VirtualScheduler(time, () => random.next());
  const fakes = Array.from({ length: count }, (_, n) => new FakeWsClient(String(n), kind(n)));
  const told = new Map<WsClient, number>();
  const closedAtMs: number[] = [];
  for (const { ws } of fakes) {
    const close = ws.close.bind(ws);
    ws.close = (code, reason) => {
      closedAtMs.push(time.nowMs);
      close(code, reason);
    };
  }
  const closing = (timeoutMs: number) =>
    closeInSlices(
      fakes.map(({ client }) => client),
      { timeoutMs, farewell: FAREWELL, tell: (client, afterMs) => told.set(client, afterMs), scheduler },
    );
  return { time, fakes, told, closedAtMs, closing };
}

describe('closing time', () => {
  it.each([
    [5_000, 2_000],
    [5_000, 100],
    [5_000, 0],
    [250, 2_000],
    [1, 30_000],
  ])('for %i clients, none of which answers, ends after %i ms', async (count, timeoutMs) => {
    const { time, fakes, told, closedAtMs, closing } = crowd(count);
    let isOver = false;
    void closing(timeoutMs).then(() => {
      isOver = true;
    });
    await time.advance(timeoutMs - 1);
    expect(isOver).toBe(false);
    await time.advance(1);
    await time.advance(0);
    expect(isOver).toBe(true);
    expect(fakes.every(({ ws }) => ws.terminated && ws.closed?.code === 1001)).toBe(true);
    expect(told.size).toBe(count);
    expect(Math.max(...closedAtMs)).toBeLessThanOrEqual(timeoutMs / 2);
    expect(time.waiting).toBe(0);
  });

  it('is over when all have answered, and tells each client of protocol 2 another time', async () => {
    const { time, fakes, told, closing } = crowd(2_000, (n) => (n % 4 === 0 ? 'legacy' : 'live'));
    const over = closing(2_000);
    await time.advance(1_000);
    for (const { ws } of fakes) ws.gone();
    await over;
    const times = [...told.values()];
    expect([told.size, [...told.keys()].every(({ kind }) => kind === 'live')]).toEqual([1_500, true]);
    expect(new Set(times).size).toBeGreaterThan(1_000);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...times)).toBeLessThanOrEqual(4_000);
    expect(fakes.some(({ ws }) => ws.terminated)).toBe(false);
    expect(time.waiting).toBe(0);
  });

  it('does not wait for clients that are gone before their turn', async () => {
    const { time, fakes, closing } = crowd(1_000);
    const over = closing(2_000);
    for (const { ws } of fakes) ws.gone();
    await time.advance(1_000);
    await over;
    expect(time.waiting).toBe(0);
  });

  it('is over at once without clients', async () => {
    await crowd(0).closing(2_000);
  });
});
