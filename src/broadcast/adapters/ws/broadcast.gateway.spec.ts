import { createServer } from 'node:http';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { SystemClock } from '../../../kernel/clock.js';
import { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';
import { SystemScheduler } from '../../../kernel/scheduler.js';
import { resolveBroadcastOptions } from '../../broadcast.options.js';
import { BroadcastGateway } from './broadcast.gateway.js';

function openGateway(): BroadcastGateway {
  Logger.overrideLogger(false);
  const host = new HttpAdapterHost();
  const adapter = new ExpressAdapter();
  adapter.setHttpServer(createServer());
  host.httpAdapter = adapter;
  const [clock, metrics, scheduler] = [new SystemClock(), new LiveScoreMetrics(), new SystemScheduler()];
  const gateway = new BroadcastGateway(resolveBroadcastOptions(), host, clock, metrics, scheduler);
  gateway.onApplicationBootstrap();
  return gateway;
}

afterEach(() => {
  jest.useRealTimers();
});

describe('the heartbeat of the gateway', () => {
  it('beats every 15 s until the end, on one timer', async () => {
    jest.useFakeTimers();
    const gateway = openGateway();
    const beat = jest.spyOn(gateway, 'beat');
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(14_999);
    expect(beat).not.toHaveBeenCalled();
    jest.advanceTimersByTime(45_001);
    expect(beat).toHaveBeenCalledTimes(4);
    await gateway.onApplicationShutdown();
    await gateway.onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
  });
});
