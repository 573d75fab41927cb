import { Injectable, Optional } from '@nestjs/common';
import { type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { RolloutState } from './routing/rollout-state.service.js';

/** The rollout reports the stage in force in this process, and what this process lowers it by. */
@Injectable()
export class RolloutHealthProbe extends HealthProbe {
  constructor(
    private readonly state: RolloutState,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    const { stage, percent, caps } = this.state;
    return { rollout: { stage, percent, kill_switch: caps.killSwitch, max_stage: caps.maxStage } };
  }
}
