import { describe, expect, it } from '@jest/globals';
import { LiveScoreMetrics } from '../livescore-metrics.js';

const valuesOf = async (counter: LiveScoreMetrics['writeErrors']) =>
  new Map((await counter.get()).values.map(({ labels, value }) => [labels.code, value]));

describe('the metrics', () => {
  it('have a hundred values of a label at most, and count the rest as other', async () => {
    const { writeErrors } = new LiveScoreMetrics();
    for (let n = 0; n < 250; n++) {
      if (n % 2 === 0) writeErrors.labels(`P${1000 + n}`).inc();
      else writeErrors.inc({ code: `P${1000 + n}` });
    }
    writeErrors.inc({ code: 'P1000' }, 4);
    const values = await valuesOf(writeErrors);
    expect(values.size).toBe(101);
    expect([values.get('P1000'), values.get('P1099'), values.get('P1100'), values.get('other')]).toEqual([
      5,
      1,
      undefined,
      150,
    ]);
  });

  it('say nothing of what is not known', async () => {
    const metrics = new LiveScoreMetrics();
    let live: number | null = 3;
    const unknown = () => null;
    metrics.showFacts({
      databaseReady: async () => 1,
      activeConnections: unknown,
      mostConnections: unknown,
      waitingStatements: unknown,
      feedSilenceS: unknown,
      watermarkAgeS: unknown,
      liveMatches: () => live,
      liveMatchesWithoutFeed: unknown,
      disputedMatches: unknown,
      syncJobsIncomplete: unknown,
      providerRefused: unknown,
      clients: unknown,
      staleMatches: (): Record<string, number> => (live === null ? {} : { 'no-feed': 2 }),
    });
    const samples = async () =>
      (await metrics.registry.metrics())
        .split('\n')
        .filter((line) =>
          /^livescore_(live_matches|database_ready|stale_matches|pool_connections_active)[ {]/.test(line),
        );
    expect(await samples()).toEqual([
      'livescore_database_ready 1',
      'livescore_live_matches 3',
      'livescore_stale_matches{reason="no-feed"} 2',
    ]);
    live = null;
    expect(await samples()).toEqual(['livescore_database_ready 1']);
  });
});
