import { describe, expect, it } from '@jest/globals';
import { HealthProbe } from '../contracts/health-probe.js';
import { FakeClock } from '../testing/index.js';
import { CollectedProbes } from './collected-probes.js';
import { resolveHealthOptions } from './health.options.js';
import { Readiness } from './readiness.js';

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
    const readiness = new Readiness(resolveHealthOptions(), new FakeClock(), probes);
    expect(await readiness.report()).toMatchObject({ ok: false, db: writes });
    writes = { ok: true };
    expect(await readiness.report()).toMatchObject({ ok: true, db: { ok: true } });
  });

  it('are well in a host without a database', async () => {
    const report = await new Readiness(resolveHealthOptions(), new FakeClock(), new CollectedProbes()).report();
    expect(report).toMatchObject({ ok: true, db: { ok: true } });
  });
});
