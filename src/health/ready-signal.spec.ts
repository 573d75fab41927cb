import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { type HealthOptions, resolveHealthOptions } from './health.options.js';
import { ParentProcess } from './parent-process.js';
import type { Readiness } from './readiness.js';
import { ReadySignal } from './ready-signal.js';

const LONG_MS = 10_000;

describe('ReadySignal', () => {
  let time: VirtualTime;
  let told: string[];
  let isReady: boolean;
  let server: { listening: boolean };

  const adapter = () => ({ httpAdapter: { getHttpServer: () => server } }) as unknown as HttpAdapterHost;
  const make = (options: HealthOptions, http: HttpAdapterHost | undefined = adapter()) => {
    const readiness = { report: async () => ({ ok: isReady }) } as unknown as Readiness;
    const parent: ParentProcess = { tell: (word) => told.push(word) > 0 };
    return new ReadySignal(resolveHealthOptions(options), readiness, parent, new VirtualScheduler(time), http);
  };
  const start = (...given: Parameters<typeof make>) => {
    const signal = make(...given);
    signal.onApplicationBootstrap();
    return signal;
  };

  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    time = new VirtualTime();
    told = [];
    isReady = true;
    server = { listening: true };
  });

  it('is given once, however long the process runs, and leaves no timer', async () => {
    start({ readySignal: true });
    await time.advance(LONG_MS);
    expect([told, time.waiting]).toEqual([['ready'], 0]);
  });

  it('waits for the database, and comes when it is back', async () => {
    isReady = false;
    start({ readySignal: true });
    await time.advance(LONG_MS);
    expect(told).toEqual([]);
    isReady = true;
    await time.advance(1_000);
    expect(told).toEqual(['ready']);
  });

  it('waits for the HTTP server to listen', async () => {
    server.listening = false;
    start({ readySignal: true });
    await time.advance(LONG_MS);
    expect(told).toEqual([]);
    server.listening = true;
    await time.advance(1_000);
    expect(told).toEqual(['ready']);
  });

  it('does not wait for a server that the application does not have', async () => {
    start({ readySignal: true }, {} as HttpAdapterHost);
    await time.advance(1_000);
    expect(told).toEqual(['ready']);
  });

  it('never comes when the application ends first', async () => {
    isReady = false;
    const signal = start({ readySignal: true });
    await time.advance(1_000);
    await signal.onModuleDestroy();
    isReady = true;
    await time.advance(LONG_MS);
    expect([told, time.waiting]).toEqual([[], 0]);
  });

  it('never comes when the application ends before it has begun', async () => {
    const signal = make({ readySignal: true });
    await signal.onModuleDestroy();
    signal.onApplicationBootstrap();
    await time.advance(LONG_MS);
    expect([told, time.waiting]).toEqual([[], 0]);
  });

  it('is off by option', async () => {
    start({ readySignal: false });
    await time.advance(LONG_MS);
    expect([told, time.waiting]).toEqual([[], 0]);
  });
});

describe('the default of the ready signal', () => {
  const under = (pmId: string | undefined) => {
    const before = process.env.pm_id;
    if (pmId === undefined) delete process.env.pm_id;
    else process.env.pm_id = pmId;
    try {
      return resolveHealthOptions({}).readySignal;
    } finally {
      if (before === undefined) delete process.env.pm_id;
      else process.env.pm_id = before;
    }
  };

  it('is on under PM2, and off under any other parent', () => {
    expect([under('0'), under(undefined)]).toEqual([true, false]);
  });
});

describe('ParentProcess', () => {
  it('says so when nobody listens', () => {
    const { send } = process;
    try {
      delete process.send;
      expect(new ParentProcess().tell('ready')).toBe(false);
    } finally {
      if (send) process.send = send;
    }
  });
});
