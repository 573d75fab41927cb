import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import { NestScheduleRegistration } from './nest-schedule-registration.js';

const host = (registry: SchedulerRegistry | null) =>
  ({
    get: () => {
      if (!registry) throw new Error('Nest could not find SchedulerRegistry');
      return registry;
    },
  }) as unknown as ModuleRef;

describe('the registration of the tick', () => {
  let warn: ReturnType<typeof jest.spyOn>;
  beforeEach(() => {
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => void jest.restoreAllMocks());

  it('is an interval of the host, under its name, for as long as the application runs', async () => {
    const registry = new SchedulerRegistry();
    const registration = new NestScheduleRegistration(host(registry));
    await registration.register('tick');
    expect(registry.getIntervals()).toEqual(['tick']);
    expect(registration.isRemoved('tick')).toBe(false);
    registration.remove('tick');
    expect(registry.getIntervals()).toEqual([]);
    expect(warn).not.toHaveBeenCalled();
  });

  it('is seen to be deleted by the host, and harms nobody then', async () => {
    const registry = new SchedulerRegistry();
    const registration = new NestScheduleRegistration(host(registry));
    await registration.register('tick');
    registry.deleteInterval('tick');
    expect(registration.isRemoved('tick')).toBe(true);
    registration.remove('tick');
  });

  it('tells a host without a registry once what to import, and stops nothing', async () => {
    const registration = new NestScheduleRegistration(host(null));
    await registration.register('tick');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(
      expect.stringMatching(/install @nestjs\/schedule and import ScheduleModule\.forRoot\(\)/),
    );
    expect(registration.isRemoved('tick')).toBe(false);
    registration.remove('tick');
  });
});
