import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AckWindow } from './ack-window.js';

describe('AckWindow', () => {
  const writes: number[][] = [];
  let window: AckWindow;

  beforeEach(() => {
    writes.length = 0;
    window = new AckWindow((packets) => writes.push(idsOf(packets)));
  });

  const open = (messageId: number, atMs = 0): (() => void) => {
    const acknowledge = window.open(messageId, atMs);
    if (!acknowledge) throw new Error(`refused ${messageId}`);
    return acknowledge;
  };

  it('acknowledges in the order of receipt, whatever is done first', async () => {
    const [first, second, third] = [open(7), open(300), open(65_535)];
    second();
    await nextTurn();
    expect(writes).toEqual([]);
    first();
    await nextTurn();
    expect(writes).toEqual([[7, 300]]);
    third();
    await nextTurn();
    expect(writes).toEqual([[7, 300], [65_535]]);
    expect(window.size).toBe(0);
  });

  it('writes once for all that became free in one turn', async () => {
    const acknowledges = Array.from({ length: 200 }, (_, index) => open(index + 1));
    for (const acknowledge of acknowledges) acknowledge();
    await nextTurn();
    expect(writes).toEqual([Array.from({ length: 200 }, (_, index) => index + 1)]);
  });

  it('takes a second call of an acknowledgement for nothing, also when its id is in use again', async () => {
    const acknowledge = open(1);
    acknowledge();
    acknowledge();
    await nextTurn();
    open(1);
    acknowledge();
    await nextTurn();
    expect(writes).toEqual([[1]]);
    expect(window.size).toBe(1);
  });

  it('writes nothing more once it is dropped', async () => {
    const [first, second] = [open(1), open(2)];
    first();
    window.drop();
    second();
    await nextTurn();
    expect(writes).toEqual([]);
    expect(window).toMatchObject({ size: 0, oldestAtMs: null });
  });

  it('takes all ids but 0, and one that is in flight once more', async () => {
    for (let id = 1; id <= 65_535; id += 1) open(id);
    expect(window.size).toBe(65_535);
    expect(window.open(0, 0)).toBeNull();
    open(1);
    expect(window.size).toBe(65_536);
  });

  it('knows an id until each of its messages is acknowledged', async () => {
    const [first, second] = [open(1), open(1)];
    expect([window.holds(1), window.holds(2)]).toEqual([true, false]);
    first();
    await nextTurn();
    expect(window.holds(1)).toBe(true);
    second();
    await nextTurn();
    expect(window.holds(1)).toBe(false);
    expect(writes).toEqual([[1], [1]]);
  });

  it('tells the receipt of its oldest message', async () => {
    const first = open(1, 1_000);
    open(2, 2_000);
    expect(window.oldestAtMs).toBe(1_000);
    first();
    await nextTurn();
    expect(window.oldestAtMs).toBe(2_000);
  });

  it('acknowledges every message once and in order, in any order of work', async () => {
    const work = fc.array(fc.tuple(fc.boolean(), fc.nat()), { maxLength: 600 });
    await fc.assert(
      fc.asyncProperty(work, async (steps) => {
        const acked: number[] = [];
        const subject = new AckWindow((packets) => acked.push(...idsOf(packets)));
        const waiting: (() => void)[] = [];
        const opened: number[] = [];
        for (const [receive, pick] of steps) {
          if (receive || waiting.length === 0) {
            const acknowledge = subject.open(opened.length + 1, 0);
            if (acknowledge) waiting.push(acknowledge);
            opened.push(opened.length + 1);
          } else {
            waiting.splice(pick % waiting.length, 1)[0]?.();
          }
          if (pick % 7 === 0) await nextTurn();
        }
        for (const acknowledge of waiting) acknowledge();
        await nextTurn();
        expect(acked).toEqual(opened);
      }),
      { numRuns: 50 },
    );
  });
});

function idsOf(packets: Uint8Array): number[] {
  const bytes = Buffer.from(packets);
  return Array.from({ length: bytes.length / 4 }, (_, index) => {
    expect(bytes.readUInt16BE(index * 4)).toBe(0x4002);
    return bytes.readUInt16BE(index * 4 + 2);
  });
}
