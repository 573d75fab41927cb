import type { HostEnvironment } from './environment.js';

/** What the example's modules need to know, after the environment and the embedded services are settled. */
export interface HostSettings extends HostEnvironment {
  readonly databaseUrl: string;
  readonly mqttUrl: string;
}
