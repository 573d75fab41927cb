import { ConsoleLogger, type INestApplication, Logger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connectLiveScoreFeed } from '../../src/index.js';
import { careful } from './careful-http.js';
import type { HostEnvironment } from './environment.js';
import { firstAttemptsAreOver } from './first-attempts.js';
import { HostModule } from './host.module.js';
import { listen } from './listen.js';
import { type Services, startServices } from './services.js';

export interface RunningHost {
  readonly app: INestApplication;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly services: Services;
  /** Drains the application, then stops the embedded services. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** @default all */
  readonly logLevels?: LogLevel[];
  /** Last changes to the application before it starts to work. */
  readonly prepare?: (app: INestApplication, services: Services) => void | Promise<void>;
}

/**
 * Starts the embedded services and the application. Resolves when it serves; a database or broker that is not
 * reachable by then is waited for in the background.
 */
export async function startHost(environment: HostEnvironment, options: StartOptions = {}): Promise<RunningHost> {
  // one line per record
  const logger = new ConsoleLogger({ compact: true, ...(options.logLevels && { logLevels: options.logLevels }) });
  Logger.overrideLogger(logger);
  const services = await startServices(environment);
  let app: NestExpressApplication | undefined;
  const close = async () => {
    await app?.close();
    await services.stop();
  };
  try {
    app = await NestFactory.create<NestExpressApplication>(HostModule.with({ ...environment, ...services }), {
      forceCloseConnections: true,
      abortOnError: false,
      logger,
    });
    careful(app);
    await options.prepare?.(app, services);
    await connectLiveScoreFeed(app);
    const port = await listen(app, environment.port, environment.host);
    await firstAttemptsAreOver(app, environment);
    return { app, services, url: `http://${reachable(environment.host)}:${port}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An address of this machine on which a host that listens there answers. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
