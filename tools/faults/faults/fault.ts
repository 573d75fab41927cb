import type { Round } from '../round.js';
import type { Stage } from '../stage.js';
import type { FaultSetting } from './fault-setting.js';

/** One kind of mishap. */
export interface Fault extends FaultSetting {
  /** Does it, while the load runs. Calls `round.over()` whenever the trouble ends. */
  strike(stage: Stage, round: Round): Promise<void>;
}
