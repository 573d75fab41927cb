import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HealthProbe } from '../contracts/health-probe.js';
import { EventLog } from '../kernel/event-log.js';
import { FakeClock } from '../testing/index.js';
import { CollectedProbes } from './collected-probes.js';
import { resolveHealthOptions } from './health.options.js';
import type { CheckState } from './ports/host-checks.js';
import { Readiness } from './readiness.js';

describe('the log of a readiness that turns', () => {
  let isDatabaseWell: boolean;
  let checks: Record<string, CheckState>;
  let events: string[];
  let readiness: Readiness;

  beforeEach(() => {
    isDatabaseWell = true;
    checks = { disk: 'up', queue: 'up' };
    events = [];
    for (const level of ['log', 'warn'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((line: { readonly event: string }) => {
        events.push(line.event);
      });
    }
    const probes = new CollectedProbes();
    new (class extends HealthProbe {
      override ready() {
        return { db: isDatabaseWell ? { ok: true } : { ok: false, error: 'no answer' } };
      }
    })(probes);
    const clock = new FakeClock();
    const hostChecks = { run: async () => checks };
    readiness = new Readiness(resolveHealthOptions(), clock, probes, new EventLog(clock), hostChecks);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Asks twice: nothing is logged again while nothing turns. */
  const ask = async (database: 'up' | 'down', disk: CheckState, queue: CheckState = 'up') => {
    isDatabaseWell = database === 'up';
    checks = { disk, queue };
    const { ok } = await readiness.report();
    await readiness.report();
    return [ok, ...events.splice(0)];
  };

  it('says nothing of a process that was never unready', async () => {
    expect(await ask('up', 'up')).toEqual([true]);
  });

  it('says that it recovered only when the database and every check are well', async () => {
    expect(await ask('down', 'up')).toEqual([false, 'health.ready.db_failed']);
    expect(await ask('down', 'down')).toEqual([false, 'health.ready.failed']);
    expect(await ask('up', 'down')).toEqual([false]);
    expect(await ask('up', 'up')).toEqual([true, 'health.ready.recovered']);
  });

  it('says it once when both come back together, and in the other order', async () => {
    expect(await ask('down', 'down')).toEqual([false, 'health.ready.db_failed', 'health.ready.failed']);
    expect(await ask('up', 'up')).toEqual([true, 'health.ready.recovered']);
    expect(await ask('down', 'down')).toEqual([false, 'health.ready.db_failed', 'health.ready.failed']);
    expect(await ask('down', 'up')).toEqual([false]);
    expect(await ask('up', 'up')).toEqual([true, 'health.ready.recovered']);
  });

  it('names the checks anew when others fail', async () => {
    expect(await ask('up', 'down')).toEqual([false, 'health.ready.failed']);
    expect(await ask('up', 'down', 'down')).toEqual([false, 'health.ready.failed']);
    expect(await ask('up', 'up', 'down')).toEqual([false, 'health.ready.failed']);
    expect(await ask('down', 'up', 'down')).toEqual([false, 'health.ready.db_failed']);
    expect(await ask('up', 'up')).toEqual([true, 'health.ready.recovered']);
  });
});
