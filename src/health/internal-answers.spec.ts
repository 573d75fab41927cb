import { beforeEach, describe, expect, it } from '@jest/globals';
import { Latencies } from '../after-commit/latencies.js';
import type { InternalFacts, LiveGapFacts } from '../contracts/health-facts.js';
import { HealthProbe } from '../contracts/health-probe.js';
import { FakeClock } from '../testing/index.js';
import { CollectedProbes } from './collected-probes.js';
import { resolveHealthOptions } from './health.options.js';
import { InternalAnswers } from './internal-answers.js';

describe('the answers behind the internal secret', () => {
  let facts: InternalFacts;
  let answers: InternalAnswers;
  beforeEach(() => {
    facts = {};
    const probes = new CollectedProbes();
    new (class extends HealthProbe {
      override internal() {
        return facts;
      }
    })(probes);
    const clock = new FakeClock(1_800_000_000_000);
    answers = new InternalAnswers(resolveHealthOptions({ service: 'scores' }), clock, probes, new Latencies());
  });
  const timestamp = '2027-01-15T08:00:00.000Z';

  it('say what the process is, in the platform words', () => {
    const megabytes = expect.stringMatching(/^\d+MB$/);
    expect(answers.detailed()).toEqual({
      ok: true,
      service: 'scores',
      uptime: { seconds: expect.any(Number), formatted: expect.stringMatching(/^(\d+d )?(\d+h )?(\d+m )?\d+s$/) },
      memory: {
        heapUsed: megabytes,
        heapTotal: megabytes,
        rss: megabytes,
        external: megabytes,
        heapUsedBytes: expect.any(Number),
        heapTotalBytes: expect.any(Number),
      },
      node: { version: process.version, platform: process.platform, arch: process.arch },
      timestamp,
    });
  });

  it('say nothing for modules that the host does not have', () => {
    expect([answers.pool(), answers.sync(), answers.webSocket()]).toEqual([null, null, null]);
  });

  it('say how connections and clients are', () => {
    facts = {
      pool: { active: 1, total: 3, waiting: 0 },
      webSocket: { activeConnections: 2, totalConnections: 5, totalDisconnections: 3, uptimeMs: 61_999 },
    };
    expect(answers.pool()).toEqual({ active: 1, total: 3, waiting: 0 });
    expect(answers.webSocket()).toEqual({
      activeConnections: 2,
      totalConnections: 5,
      totalDisconnections: 3,
      uptimeMs: 61_999,
      uptimeSeconds: 61,
      timestamp,
    });
  });

  it('say the latencies, and the event that was asked about', () => {
    expect(answers.latency('GOAL')).toEqual({
      success: true,
      data: { stats: expect.objectContaining({ eventType: 'GOAL', count: 0 }), measurementsCount: 0, timestamp },
    });
  });

  it.each([
    // provider, rows, only provider, only rows
    [10, 10, 0, 0, 'healthy', 0],
    [10, 15, 0, 5, 'healthy', 5],
    [16, 10, 6, 0, 'warning', 6],
    [10, 25, 0, 15, 'warning', 15],
    // far more live rows than the provider lists: stuck matches, which a signed gap calls healthy
    [10, 60, 0, 50, 'critical', 50],
    // as many on both sides, and none of them the same
    [10, 10, 10, 10, 'critical', 20],
  ] as const)('call %i listed and %i in rows, %i and %i of them alone, %s', (...row) => {
    const [provider, rows, onlyProvider, onlyRows, syncStatus, gap] = row;
    facts = { liveGap: { state: 'known', gap: { provider, rows, onlyProvider, onlyRows } } };
    expect(answers.sync()).toEqual({
      ok: true,
      syncStatus,
      api: { liveMatches: provider },
      db: { liveMatches: rows },
      gap,
      message: `${onlyProvider} live at the provider only, ${onlyRows} live in the database only`,
      timestamp,
    });
  });

  it.each([
    ['off', true],
    ['standby', true],
    ['unknown', false],
  ] as const)('say of a gap that nobody knows (%s) whether it should be known', (state, ok) => {
    facts = { liveGap: { state, gap: null } satisfies LiveGapFacts };
    expect(answers.sync()).toMatchObject({ ok, syncStatus: state, gap: null, db: { liveMatches: null } });
  });
});
