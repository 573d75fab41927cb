import { describe, expect, it, jest } from '@jest/globals';
import { Counter } from 'prom-client';
import { LiveScoreMetrics } from '../livescore-metrics.js';
import { MetricRegistry } from './metric-registry.js';

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

  it('count the values that are there from the start among the hundred', async () => {
    class Seen extends MetricRegistry {
      readonly seen = this.counter('seen_total', 'What was seen', ['kind'], ['known-1', 'known-2']);
    }
    const { seen } = new Seen();
    for (let n = 0; n < 150; n++) seen.inc({ kind: `k${n}` });
    seen.inc({ kind: 'known-2' }, 3);
    const values = new Map((await seen.get()).values.map(({ labels, value }) => [labels.kind, value]));
    expect(values.size).toBe(101);
    expect([values.get('known-1'), values.get('known-2'), values.get('k97'), values.get('other')]).toEqual([
      0, 3, 1, 52,
    ]);
  });

  it('hand labels that are known on as they are: nothing is made for a count', () => {
    const handed: unknown[] = [];
    const plain = Counter.prototype as unknown as { incWithoutExemplar(labels: object): void };
    const counting = jest.spyOn(plain, 'incWithoutExemplar').mockImplementation((labels) => void handed.push(labels));
    class Seen extends MetricRegistry {
      readonly seen = this.counter('seen_total', 'What was seen', ['kind', 'side']);
    }
    const { seen } = new Seen();
    const labels = { kind: 'goal', side: 'home' };
    seen.inc(labels);
    seen.inc(labels);
    expect(handed).toEqual([labels, labels]);
    expect(handed[1]).toBe(labels);
    const kept = seen.labels('goal', 'away');
    kept.inc();
    kept.inc();
    expect(handed.slice(2)).toEqual([
      { kind: 'goal', side: 'away' },
      { kind: 'goal', side: 'away' },
    ]);
    expect(handed[3]).toBe(handed[2]);
    counting.mockRestore();
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
