import { Injectable, Optional } from '@nestjs/common';
import type { DatabaseFacts } from '../contracts/health-facts.js';
import { HealthProbes } from '../contracts/health-probe.js';
import { LatencyFacts, type LatencyStats } from '../contracts/latency-facts.js';
import { HealthReport } from '../health/health-report.js';
import { Readiness } from '../health/readiness.js';
import type { OperationsFacts, ReadyFacts } from './facts.js';

const WELL: DatabaseFacts = { ok: true };

/** What other routes of the host tell, and what its database probe says. */
export interface HostNow
  extends Pick<OperationsFacts, 'service' | 'health' | 'accounting' | 'ready' | 'pool' | 'webSocket' | 'liveGap'> {
  readonly db: DatabaseFacts;
}

/** Tells what `/health`, `/ready`, `/health/pool`, `/metrics/websocket`, `/sync/status` and `/metrics/latency` tell at this moment. */
@Injectable()
export class HostFacts {
  constructor(
    private readonly report: HealthReport,
    private readonly readiness: Readiness,
    private readonly probes: HealthProbes,
    @Optional() private readonly latencies?: LatencyFacts,
  ) {}

  /** Null: no after-commit module. */
  get latency(): LatencyStats | null {
    return this.latencies?.stats() ?? null;
  }

  async now(): Promise<HostNow> {
    const {
      ok,
      status,
      timestamp,
      service: name,
      uptime_s: uptimeS,
      commit,
      accounting,
      ...health
    } = this.report.liveness();
    const [ready, { db = WELL }] = await Promise.all([this.ready(), this.probes.ready()]);
    const { pool = null, webSocket = null, liveGap = null } = this.probes.internal();
    const service = { name, commit, uptimeS, pid: process.pid, node: process.version };
    return { service, health, accounting, ready, pool, webSocket, liveGap, db };
  }

  private async ready(): Promise<ReadyFacts> {
    const { ok, db, draining, checks, feed, standby } = await this.readiness.report();
    return {
      ok,
      db,
      draining,
      ...(checks && { checks }),
      ...(feed && { feed }),
      ...(standby !== undefined && { standby }),
    };
  }
}
