import { brokerHalfOpen, brokerRestart } from './broker.js';
import { clockStep } from './clock.js';
import { connectionsCut, databaseRefused, databaseSlow } from './database.js';
import type { Fault } from './fault.js';
import { duplicateAndLate } from './frames.js';
import { sigtermReload, twoIngesters } from './hosts.js';
import { kill } from './kill.js';
import { smallBrokerQueue } from './small-broker-queue.js';

/** In the order of the report. */
export const FAULTS: readonly Fault[] = [
  kill,
  brokerRestart,
  brokerHalfOpen,
  ...databaseRefused,
  databaseSlow,
  connectionsCut,
  duplicateAndLate,
  twoIngesters,
  sigtermReload,
  clockStep,
  smallBrokerQueue,
];
