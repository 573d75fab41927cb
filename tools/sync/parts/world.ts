import type { ProviderStandIn } from '../../../src/testing/index.js';
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
  /** ends the program's waiting */
  readonly say: (text: string) => void;
}
