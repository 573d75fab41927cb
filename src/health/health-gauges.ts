import { Injectable } from '@nestjs/common';
import { HealthProbes } from '../contracts/health-probe.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import type { Reading } from '../kernel/metrics/metric-registry.js';

/** Shows in the metrics what health knows already. Everything comes from memory. */
@Injectable()
export class HealthGauges {
  constructor(metrics: LiveScoreMetrics, probes: HealthProbes) {
    const health =
      (read: (facts: ReturnType<HealthProbes['health']>) => number | null | undefined): Reading =>
      () =>
        read(probes.health()) ?? null;
    const pool = (key: 'active' | 'total' | 'waiting') => () => probes.internal().pool?.[key] ?? null;
    metrics.showFacts({
      databaseReady: async () => {
        const { db, writes } = await probes.ready();
        return db ? Number(db.ok && writes?.ok !== false) : null;
      },
      activeConnections: pool('active'),
      mostConnections: pool('total'),
      waitingStatements: pool('waiting'),
      feedSilenceS: health(({ feed }) => feed?.seconds_since_message),
      watermarkAgeS: health(({ feed }) => feed?.watermark_age_s),
      liveMatches: health(({ feed }) => feed?.live_matches),
      liveMatchesWithoutFeed: health(({ feed }) => feed?.no_feed),
      disputedMatches: health(({ disputed }) => disputed),
      syncJobsIncomplete: health(({ sync }) => sync?.incomplete.length),
      providerRefused: health(({ provider }) => provider && Number(provider.address_refused)),
      clients: health(({ clients }) => clients),
      staleMatches: () => probes.health().stale_by_reason ?? {},
    });
  }
}
