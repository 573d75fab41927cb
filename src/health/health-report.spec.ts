import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { HealthProbe } from '../contracts/health-probe.js';
import { Accounting } from '../kernel/accounting.js';
import { FakeClock } from '../testing/index.js';
import { CollectedProbes } from './collected-probes.js';
import { resolveHealthOptions } from './health.options.js';
import { HealthReport } from './health-report.js';

describe('the report of a process', () => {
  const TAKES_MS = 4;
  let nowMs = 1_000;
  let made = 0;

  afterEach(() => {
    made = 0;
    jest.restoreAllMocks();
  });

  function reportOfMany(takesMs = TAKES_MS): HealthReport {
    jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const probes = new CollectedProbes();
    new (class extends HealthProbe {
      override health() {
        nowMs += takesMs;
        made += 1;
        return { clients: made };
      }
    })(probes);
    return new HealthReport(resolveHealthOptions(), new FakeClock(), new Accounting(), probes);
  }

  it('takes a twentieth of the time, however many ask and however much there is to count', () => {
    const report = reportOfMany();
    const endMs = nowMs + 8_000;
    let [told, before] = [0, 0];
    while (nowMs < endMs) {
      const clients = report.liveness().clients ?? 0;
      expect(clients).toBeGreaterThanOrEqual(before);
      before = clients;
      told += 1;
      nowMs += 0.5;
    }
    expect(told).toBeGreaterThan(14_000);
    expect(made).toBeLessThanOrEqual(1 + 8_000 / (TAKES_MS * 20));
  });

  it('is never older than a tenth of a second, however long one took', () => {
    const report = reportOfMany(50);
    const { clients = 0 } = report.liveness();
    nowMs += 49;
    expect(report.liveness().clients).toBe(clients);
    nowMs += 1;
    expect(report.liveness().clients).toBe(clients + 1);
  });
});
