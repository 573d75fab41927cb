import { Injectable, Optional } from '@nestjs/common';
import { type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { SettlementReport } from './settlement-report.js';
import { SettlementSettings } from './settlement-settings.js';

/** Mode, results of others, unknown texts. */
@Injectable()
export class SettlementHealthProbe extends HealthProbe {
  constructor(
    private readonly settings: SettlementSettings,
    private readonly report: SettlementReport,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    const { foreign, unknownTexts } = this.report;
    return { settlement: { mode: this.settings.mode, foreign_results: foreign, unknown_texts: unknownTexts } };
  }
}
