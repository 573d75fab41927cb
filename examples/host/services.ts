import { Logger } from '@nestjs/common';
import { startEmbeddedBroker } from './embedded/broker.js';
import type { EmbeddedService } from './embedded/embedded-service.js';
import { startEmbeddedPostgres } from './embedded/postgres.js';
import type { HostEnvironment } from './environment.js';

/** Addresses the host works with, and the embedded services behind those that the environment did not name. */
export interface Services {
  readonly databaseUrl: string;
  readonly mqttUrl: string;
  /** null: the cache is this process's memory */
  readonly redisUrl: string | null;
  /** Stops what was started here, at once and together. */
  stop(): Promise<void>;
}

/** Starts a service of our own for every address the environment leaves out. */
export async function startServices(environment: HostEnvironment): Promise<Services> {
  const logger = new Logger('Services');
  const started: EmbeddedService[] = [];
  const stop = async () => {
    await Promise.all(started.map((service) => service.stop()));
  };
  const embedded = async (name: string, start: () => Promise<EmbeddedService>) => {
    const service = await start();
    started.push(service);
    logger.log(`Embedded ${name} at ${service.url}`);
    return service.url;
  };
  try {
    const [databaseUrl, mqttUrl] = await Promise.all([
      environment.databaseUrl ?? embedded('PostgreSQL', startEmbeddedPostgres),
      environment.mqttUrl ?? embedded('MQTT broker', startEmbeddedBroker),
    ]);
    if (!environment.redisUrl) logger.log('Cache in memory');
    return { databaseUrl, mqttUrl, redisUrl: environment.redisUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
