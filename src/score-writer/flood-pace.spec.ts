import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { FloodPace } from './flood-pace.js';

let time: VirtualTime;
let pace: FloodPace;
let wentOn: number[];

beforeEach(() => {
  time = new VirtualTime();
  const scheduler = new VirtualScheduler(time);
  pace = new FloodPace(scheduler);
  wentOn = [];
});

/** A statement of `tookMs`; meanwhile so many messages came, and rows to wait. @returns how long the next one waited, ms; null: for ever */
async function restAfter(
  tookMs: number,
  messages: number,
  rows: number,
  { waitedBefore = 0, floodMs = 500 } = {},
): Promise<number | null> {
  pace.sent(waitedBefore);
  for (let n = 0; n < messages; n++) pace.offer();
  await time.advance(tookMs);
  const startMs = time.nowMs;
  const flood = comesFor(startMs + floodMs);
  pace.answered(waitedBefore + rows, () => wentOn.push(time.nowMs - startMs));
  await time.advance(1_000);
  flood();
  return wentOn.pop() ?? null;
}

/** A message every half a millisecond. */
function comesFor(untilMs: number): () => void {
  const next = () => {
    if (time.nowMs >= untilMs) return;
    pace.offer();
    cancel = time.after(0.5, next);
  };
  let cancel = time.after(0.5, next);
  return () => cancel();
}

describe('the next statement', () => {
  it('goes at once where every message has a row of its own', async () => {
    expect([await restAfter(5, 0, 0), await restAfter(5, 1, 1), await restAfter(5, 1_000, 1_000)]).toEqual([0, 0, 0]);
  });

  it('goes at once below four messages for each row that came to wait', async () => {
    expect([await restAfter(5, 39, 10), await restAfter(5, 39, 10, { waitedBefore: 3_000 })]).toEqual([0, 0]);
  });

  it('waits as long as the last one took when four messages came for each row', async () => {
    expect([await restAfter(5, 40, 10), await restAfter(12, 400, 10, { waitedBefore: 3_000 })]).toEqual([5, 12]);
  });

  it('waits 20 ms at most', async () => {
    expect(await restAfter(300, 40, 10)).toBe(20);
  });

  it('goes at once when fewer rows wait than before', async () => {
    expect(await restAfter(5, 400, -10, { waitedBefore: 100 })).toBe(0);
  });

  it('goes as soon as a millisecond brings nothing more', async () => {
    expect(await restAfter(15, 400, 10, { floodMs: 4 })).toBe(5);
    expect(await restAfter(15, 400, 10, { floodMs: 0 })).toBe(1);
  });

  it('counts the messages of its own time only', async () => {
    await restAfter(5, 400, 10);
    expect(await restAfter(5, 1, 1)).toBe(0);
  });

  it('does not go after the stop', async () => {
    pace.stop();
    expect([await restAfter(5, 400, 10, { floodMs: 0 }), time.waiting]).toEqual([null, 0]);
  });
});
