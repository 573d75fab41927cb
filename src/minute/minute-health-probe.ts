import { Injectable, Optional } from '@nestjs/common';
import type { MatchFacts } from '../contracts/explain-facts.js';
import { type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { matchFormatText } from '../domain/match-format.js';
import { MatchFormats } from './match-formats.js';
import { MinuteComparison } from './minute-comparison.js';
import { MinuteSettings } from './minute-settings.js';

/** Mode, differences and formats in doubt. */
@Injectable()
export class MinuteHealthProbe extends HealthProbe {
  constructor(
    private readonly settings: MinuteSettings,
    private readonly formats: MatchFormats,
    private readonly comparison: MinuteComparison,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    const { mode } = this.settings;
    const differences = mode === 'shadow' ? { differences: this.comparison.differences.length } : {};
    return { minute: { mode, ...differences, formats_in_doubt: this.formats.disputed().length } };
  }

  override match(matchId: string): MatchFacts {
    const in_doubt = this.formats.isDisputed(matchId);
    return { format: { is: matchFormatText(this.formats.of(matchId)), in_doubt } };
  }
}
