import { Injectable } from '@nestjs/common';
import type { HealthFacts } from '../contracts/health-facts.js';
import { HealthProbes } from '../contracts/health-probe.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import type { Reading } from '../kernel/metrics/metric-registry.js';

/** Shows in the metrics what health knows already. Everything comes from memory. */
@Injectable()
export class HealthGauges {
  constructor(metrics: LiveScoreMetrics, probes: HealthProbes) {
    const facts = onceATurn(() => probes.health());
    const health =
      (read: (facts: HealthFacts) => number | null | undefined): Reading =>
      () =>
        read(facts()) ?? null;
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
      staleMatches: () => facts().stale_by_reason ?? {},
    });
  }
}

/** All gauges of one scrape are read in the same turn: what they show is asked for once. */
function onceATurn<Told>(ask: () => Told): () => Told {
  let told: { readonly value: Told } | null = null;
  return () => {
    if (!told) {
      told = { value: ask() };
      queueMicrotask(() => {
        told = null;
      });
    }
    return told.value;
  };
}
