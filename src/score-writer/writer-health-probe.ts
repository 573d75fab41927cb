import { Inject, Injectable, Optional } from '@nestjs/common';
import type { MatchFacts } from '../contracts/explain-facts.js';
import type { ReadinessFacts } from '../contracts/health-facts.js';
import { type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { DecisionMemory } from './decision-memory.js';
import { Disputes } from './disputes.js';
import { explainDecision } from './explain-decision.js';
import { WriterHealth } from './ports/writer-health.js';

/** The writer reports whether scores are written, and why updates were applied or not. */
@Injectable()
export class WriterHealthProbe extends HealthProbe {
  constructor(
    private readonly writer: WriterHealth,
    private readonly decisions: DecisionMemory,
    @Inject(Disputes) private readonly disputes: Pick<Disputes, 'count' | 'has'>,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    return { disputed: this.disputes.count };
  }

  override ready(): ReadinessFacts {
    return { writes: this.writer.healthy ? { ok: true } : { ok: false, error: 'scores cannot be written' } };
  }

  override match(matchId: string): MatchFacts {
    return { disputed: this.disputes.has(matchId), decisions: this.decisions.of(matchId).map(explainDecision) };
  }
}
