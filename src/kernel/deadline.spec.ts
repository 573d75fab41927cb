import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { pause, unlessAborted, until, withDeadline, within } from './deadline.js';
import { retry } from './retry.js';
import type { Scheduler } from './scheduler.js';

const never = new Promise<never>(() => undefined);
const calledOff = new Error('called off');

/** What a promise came to, as far as it has. */
function outcomeOf(promise: Promise<unknown>): { readonly is: unknown } {
  const outcome = { is: 'open' as unknown };
  promise.then(
    (value) => {
      outcome.is = value;
    },
    (error: unknown) => {
      outcome.is = error;
    },
  );
  return outcome;
}

describe('a deadline', () => {
  let time: VirtualTime;
  let scheduler: Scheduler;
  beforeEach(() => {
    time = new VirtualTime();
    scheduler = new VirtualScheduler(time, () => 1);
  });
  const abortedAfter = (ms: number) => {
    const controller = new AbortController();
    time.after(ms, () => controller.abort(calledOff));
    return controller.signal;
  };

  it('gives the value, the failure, or null when it is late, and leaves no timer', async () => {
    const failure = new Error('no');
    const outcomes = [Promise.resolve(1), Promise.reject(failure), never].map((it) =>
      outcomeOf(within(it, 100, scheduler)),
    );
    await time.advance(0);
    expect([outcomes.map(({ is }) => is), time.waiting]).toEqual([[1, failure, 'open'], 1]);
    await time.advance(100);
    expect([outcomes[2]?.is, time.waiting]).toEqual([null, 0]);
  });

  it('of a look for something says whether it came in time', async () => {
    let there = false;
    const looks = { everyMs: 10, waitMs: 100 };
    const [came, late] = [until(() => there, looks, scheduler), until(() => false, looks, scheduler)].map(outcomeOf);
    await time.advance(50);
    expect([came?.is, late?.is]).toEqual(['open', 'open']);
    there = true;
    await time.advance(10);
    expect([came?.is, late?.is]).toEqual([true, 'open']);
    await time.advance(50);
    expect([late?.is, time.waiting]).toEqual([false, 0]);
  });

  it('of a pause ends with the pause, or with the abort', async () => {
    const outcomes = [
      pause(100, scheduler),
      pause(100, scheduler, abortedAfter(50)),
      pause(10, scheduler, abortedAfter(50)),
    ];
    const [whole, cut, short] = outcomes.map(outcomeOf);
    await time.advance(60);
    expect([whole?.is, cut?.is, short?.is, time.waiting]).toEqual(['open', calledOff, undefined, 1]);
    await time.advance(40);
    expect([whole?.is, time.waiting]).toEqual([undefined, 0]);
  });

  it('of a signal that was aborted before is over at once', async () => {
    const { signal } = new AbortController();
    await unlessAborted(Promise.resolve(), signal);
    await pause(0, new VirtualScheduler(time, () => 0), AbortSignal.abort(calledOff)).catch(() => undefined);
    await expect(unlessAborted(never, AbortSignal.abort(calledOff))).rejects.toBe(calledOff);
  });

  it('aborts work when the time is over or a signal says so, each with its reason', async () => {
    const late = new Error('late');
    const untilAborted = (signal: AbortSignal) => unlessAborted(never, signal);
    const common = { waitMs: 100, scheduler, late: () => late };
    const outcomes = [
      withDeadline({ ...common, signals: [] }, untilAborted),
      withDeadline({ ...common, signals: [new AbortController().signal, abortedAfter(50)] }, untilAborted),
      withDeadline({ ...common, signals: [AbortSignal.abort(calledOff)] }, untilAborted),
      withDeadline({ ...common, signals: [] }, async () => 'done'),
    ].map(outcomeOf);
    await time.advance(0);
    expect(outcomes.map(({ is }) => is)).toEqual(['open', 'open', calledOff, 'done']);
    await time.advance(100);
    expect([outcomes.map(({ is }) => is), time.waiting]).toEqual([[late, calledOff, calledOff, 'done'], 0]);
  });
});

describe('retry', () => {
  const policy = { firstMs: 100, maxMs: 300 };
  let time: VirtualTime;
  let failures: unknown[];
  let attempts: number[];
  const run = (signal: AbortSignal, succeedsAt: number) =>
    outcomeOf(
      retry(
        { policy, scheduler: new VirtualScheduler(time, () => 1), signal, failed: (error) => failures.push(error) },
        async () => {
          attempts.push(time.nowMs);
          if (attempts.length < succeedsAt) throw attempts.length;
          return 'done';
        },
      ),
    );
  beforeEach(() => {
    time = new VirtualTime();
    failures = [];
    attempts = [];
  });

  it('pauses longer and longer until the work succeeds', async () => {
    const outcome = run(new AbortController().signal, 5);
    await time.advance(2_000);
    expect([outcome.is, attempts, failures]).toEqual(['done', [0, 100, 300, 600, 900], [1, 2, 3, 4]]);
  });

  it('ends at an abort, in a pause as in an attempt, and says no more', async () => {
    const controller = new AbortController();
    const outcome = run(controller.signal, 5);
    await time.advance(150);
    controller.abort(calledOff);
    await time.advance(2_000);
    expect([outcome.is, attempts, failures, time.waiting]).toEqual([calledOff, [0, 100], [1, 2], 0]);
    expect(run(controller.signal, 5).is).toBe('open');
    await time.advance(0);
    expect(attempts).toHaveLength(2);
  });

  it('ends when whoever is told of a failure throws', async () => {
    const stop = new Error('stop');
    const failed = () => {
      throw stop;
    };
    const { signal } = new AbortController();
    const retrying = retry({ policy, scheduler: new VirtualScheduler(time), signal, failed }, () => Promise.reject(1));
    await expect(retrying).rejects.toBe(stop);
  });
});
