import { Injectable } from '@nestjs/common';
import { DeliveryMetrics } from './metrics/delivery-metrics.js';
import type { Reading } from './metrics/metric-registry.js';

/** What came in, what is held, and what of it nobody can account for. */
interface Books {
  readonly received: number;
  readonly inFlight: number;
  readonly unaccounted: number;
}

/** What a process knows of itself; null: it does not know. */
export interface ShownFacts {
  readonly databaseReady: Reading;
  readonly activeConnections: Reading;
  readonly mostConnections: Reading;
  readonly waitingStatements: Reading;
  readonly feedSilenceS: Reading;
  readonly watermarkAgeS: Reading;
  readonly liveMatches: Reading;
  readonly liveMatchesWithoutFeed: Reading;
  readonly disputedMatches: Reading;
  readonly syncJobsIncomplete: Reading;
  readonly providerRefused: Reading;
  readonly clients: Reading;
  /** reason → matches */
  readonly staleMatches: () => Readonly<Record<string, number>>;
}

/** The metrics of the package stand on a registry of its own: the host's default registry stays untouched. */
@Injectable()
export class LiveScoreMetrics extends DeliveryMetrics {
  constructor() {
    super();
    this.startTime.set(Math.round(performance.timeOrigin / 1000));
  }

  /** @param read age of the oldest dispute, seconds; 0 while there is none, asked whenever somebody looks at the metrics */
  showDisputed(read: () => number): void {
    this.shown(
      'livescore_disputed_seconds',
      'For how long the feed of a match has been refused without anything accepted between, the longest',
      read,
    );
  }

  /** @param read how many sockets the WebSocket endpoint holds, asked whenever somebody looks at the metrics */
  showSockets(read: () => number): void {
    this.shown('livescore_ws_sockets', 'Sockets that asked for the WebSocket endpoint and are not closed yet', read);
  }

  /** @param read the books, asked whenever somebody looks at the metrics */
  showBooks(read: () => Books): void {
    this.shownCount('livescore_updates_received_total', 'Match updates received', () => read().received);
    this.shown('livescore_updates_in_flight', 'Match updates without a fate yet', () => read().inFlight);
    this.shown(
      'livescore_updates_unaccounted',
      'Updates received less those with a fate or in flight: 0, or one was lost or counted twice',
      () => read().unaccounted,
    );
  }

  /** @param facts asked whenever somebody looks at the metrics: each answers from memory */
  showFacts(facts: ShownFacts): void {
    this.showProcess(facts);
    this.showFeed(facts);
  }

  private showProcess(facts: ShownFacts): void {
    this.shown(
      'livescore_database_ready',
      'Does the database answer, have what is needed and take scores: 1 or 0',
      facts.databaseReady,
    );
    this.shown('livescore_pool_connections_active', 'Connections that run a statement', facts.activeConnections);
    this.shown('livescore_pool_connections_limit', 'Connections there may be at most', facts.mostConnections);
    this.shown('livescore_pool_statements_waiting', 'Statements that wait for a connection', facts.waitingStatements);
    this.shown('livescore_ws_clients', 'Connected WebSocket clients', facts.clients);
    this.shown(
      'livescore_provider_address_refused',
      'Does the provider refuse our address at an endpoint: 1 or 0',
      facts.providerRefused,
    );
    this.shown(
      'livescore_sync_jobs_incomplete',
      'Entities and jobs of the sync whose last run was partial or failed',
      facts.syncJobsIncomplete,
    );
  }

  private showFeed(facts: ShownFacts): void {
    this.shown('livescore_feed_silence_seconds', 'Time since the newest message', facts.feedSilenceS);
    this.shown(
      'livescore_feed_watermark_age_seconds',
      'Time back to the moment up to which everything received is committed',
      facts.watermarkAgeS,
    );
    this.shown('livescore_live_matches', 'Matches that are being played, by the database', facts.liveMatches);
    this.shown(
      'livescore_live_matches_without_feed',
      'Of the matches that are being played, those that the feed does not speak of',
      facts.liveMatchesWithoutFeed,
    );
    this.shown(
      'livescore_disputed_matches',
      'Matches whose feed insists on what the guard refuses',
      facts.disputedMatches,
    );
    this.shownBy(
      'livescore_stale_matches',
      'Live matches that stand still although the provider was asked about them',
      'reason',
      facts.staleMatches,
    );
  }
}
