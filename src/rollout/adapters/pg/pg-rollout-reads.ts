import type { Database, Statement } from '../../../postgres/database.js';
import {
  type ComparisonReport,
  type CountedReport,
  type LatencyReport,
  type LeadReport,
  type Pin,
  RolloutReads,
  type SourceReport,
  type WhyNothing,
} from '../../ports/rollout-reads.js';
import type { ShadowSample } from '../../ports/shadow-store.js';
import {
  COMPARISON,
  LATENCY,
  LEAD,
  PIN_OF,
  PINS,
  SAMPLES,
  SOURCES,
  UNKNOWN_COMPETITIONS,
  UNKNOWN_MATCHES,
  WHY_NOTHING,
} from './report-statements.js';

/** The tables of the rollout, the journal and `ts_matches`, read statement after statement. */
export class PgRolloutReads extends RolloutReads {
  constructor(private readonly database: Database) {
    super();
  }

  override async report(since: Date): Promise<CountedReport> {
    const all = <Row>(statement: Statement) => this.database.query<Row>(statement, [since]);
    const one = async <Row>(statement: Statement) => (await all<Row>(statement))[0] as Row;
    const comparison = await one<Omit<ComparisonReport, 'samples'>>(COMPARISON);
    const samples = await all<{ matchId: string; sample: ShadowSample }>(SAMPLES);
    return {
      comparison: { ...comparison, samples: samples.map(({ matchId, sample }) => ({ matchId, ...sample })) },
      nothing: await one<WhyNothing>(WHY_NOTHING),
      lead: await one<LeadReport>(LEAD),
      latency: await one<LatencyReport>(LATENCY),
      sources: await all<SourceReport>(SOURCES),
    };
  }

  override pins(limit: number): Promise<readonly Pin[]> {
    return this.database.query<Pin>(PINS, [limit]);
  }

  override async pinOf(matchId: string): Promise<Pin | null> {
    return (await this.database.query<Pin>(PIN_OF, [matchId]))[0] ?? null;
  }

  override unknownMatches(ids: readonly string[]): Promise<readonly string[]> {
    return this.unknown(UNKNOWN_MATCHES, ids);
  }

  override unknownCompetitions(ids: readonly string[]): Promise<readonly string[]> {
    return this.unknown(UNKNOWN_COMPETITIONS, ids);
  }

  private async unknown(statement: Statement, ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    return (await this.database.query<{ id: string }>(statement, [ids])).map(({ id }) => id);
  }
}
