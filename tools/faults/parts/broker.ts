import { AedesBroker } from './aedes-broker.js';
import { type BrokerQueue, Mosquitto, mosquittoVersion } from './mosquitto.js';

export type BrokerKind = 'mosquitto' | 'aedes';

/** A broker of our own that can go away and come back with its sessions. */
export interface Broker {
  readonly url: string;
  readonly port: number;
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

/** Mosquitto where it is installed. */
export function brokerKind(): BrokerKind {
  return mosquittoVersion() === null ? 'aedes' : 'mosquitto';
}

export function startBroker(kind: BrokerKind, queue: BrokerQueue, logFile: string): Promise<Broker> {
  return kind === 'mosquitto' ? Mosquitto.start(queue, logFile) : AedesBroker.start();
}
