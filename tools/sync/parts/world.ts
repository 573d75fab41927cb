import type { ProviderStandIn } from '../../../src/testing/index.js';
import type { Cleanup } from '../../faults/parts/cleanup.js';
import type { ChaosOptions } from '../options.js';
import type { ChaosDatabase } from './chaos-database.js';

/** What the scenarios share. */
export interface World {
  readonly options: ChaosOptions;
  readonly provider: ProviderStandIn;
  /** filled from the provider once the first scenario is over; nobody is connected between scenarios */
  readonly filled: ChaosDatabase;
  readonly mqttUrl: string;
  readonly logDirectory: string;
  /** what must not be left behind when the program is interrupted */
  readonly cleanup: Cleanup;
  /** tells how far it is */
  readonly say: (text: string) => void;
}
