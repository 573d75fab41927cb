import type { LoadShape } from '../model/load-plan.js';
import type { BrokerQueue } from '../parts/mosquitto.js';

/** What a fault needs: parts, and a load to strike into. */
export interface FaultSetting {
  readonly name: string;
  /** for the report: what is done to whom */
  readonly about: string;
  /** @default 'for-the-window' */
  readonly queue?: BrokerQueue;
  /** @default 1 */
  readonly hosts?: 1 | 2;
  /** messages a second. @default 150 */
  readonly perSecond?: number;
  readonly shape?: Partial<LoadShape>;
  /** how much of the rounds falls to this fault, compared with the others. @default 1 */
  readonly weight?: number;
  /** how long the load lasts, seconds; `isFull`: this round has the outage in its full length */
  loadS(isFull: boolean): number;
}
