import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ReadinessFacts } from '../contracts/health-facts.js';
import { HealthProbe } from '../contracts/health-probe.js';
import { EventLog } from '../kernel/event-log.js';
import { FakeClock } from '../testing/index.js';
import { CollectedProbes } from './collected-probes.js';
import { resolveHealthOptions } from './health.options.js';
import type { HostChecks } from './ports/host-checks.js';
import { Readiness } from './readiness.js';

function readinessOf(probes: CollectedProbes, hostChecks?: HostChecks): Readiness {
  const clock = new FakeClock();
  return new Readiness(resolveHealthOptions(), clock, probes, new EventLog(clock), hostChecks);
}

describe('the probes of an application', () => {
  it('say nothing of the feed in a host that has no connection to it', () => {
    const probes = new CollectedProbes();
    new (class extends HealthProbe {
      override health() {
        return { clients: 2, feed: { state: 'down' } as never };
      }
    })(probes);
    expect(probes.health()).toEqual({ clients: 2 });
  });

  it('make a process unready while scores cannot be written, and ready again after it', async () => {
    const probes = new CollectedProbes();
    let writes: { ok: boolean; error?: string } = { ok: false, error: 'scores cannot be written' };
    new (class extends HealthProbe {
      override ready() {
        return { db: { ok: true }, writes };
      }
    })(probes);
    const readiness = readinessOf(probes);
    expect(await readiness.report()).toMatchObject({ ok: false, db: writes });
    writes = { ok: true };
    expect(await readiness.report()).toMatchObject({ ok: true, db: { ok: true } });
  });

  it('are well in a host without a database', async () => {
    const report = await readinessOf(new CollectedProbes()).report();
    expect(report).toMatchObject({ ok: true, db: { ok: true } });
  });

  it('are told without one that throws, and a warning names it without its words', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const probes = new CollectedProbes();
    const fail = (): never => {
      throw new TypeError('db.internal:5432 says no to bob');
    };
    class BrokenProbe extends HealthProbe {
      override health = fail;
      override ready = fail;
      override internal = fail;
      override match = fail;
    }
    new BrokenProbe(probes);
    new (class extends HealthProbe {
      override health() {
        return { clients: 2 };
      }
    })(probes);
    expect(probes.health()).toEqual({ clients: 2 });
    expect(probes.internal()).toEqual({});
    expect(probes.match('m')).toEqual({});
    expect(await probes.ready()).toEqual({ db: { ok: false, error: 'a probe failed' } });
    expect(warn.mock.calls).toEqual([['A probe failed', { probe: 'BrokenProbe', error: 'TypeError', suppressed: 0 }]]);
    warn.mockRestore();
  });

  it.each([
    ['before', 0],
    ['behind', 1],
  ] as const)('are not well together when one throws %s one that is well', async (_place, at) => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const probes = new CollectedProbes();
    const well = { db: { ok: true }, standby: true };
    const answers: (() => ReadinessFacts)[] = [() => well];
    answers.splice(at, 0, () => {
      throw new TypeError('no');
    });
    for (const answer of answers) {
      new (class extends HealthProbe {
        override ready = answer;
      })(probes);
    }
    expect(await probes.ready()).toEqual({ db: { ok: false, error: 'a probe failed' }, standby: true });
    warn.mockRestore();
  });

  it('make no process ready whose own checks fail', async () => {
    const run = async () => ({ disk: 'up', queue: 'down' }) as const;
    expect(await readinessOf(new CollectedProbes(), { run }).report()).toMatchObject({
      ok: false,
      db: { ok: true },
      checks: { disk: 'up', queue: 'down' },
    });
    const well = async () => ({ disk: 'degraded' }) as const;
    expect(await readinessOf(new CollectedProbes(), { run: well }).report()).toMatchObject({ ok: true });
  });
});
