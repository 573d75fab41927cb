import type { INestApplication, Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { ResolvedBroadcastOptions } from '../broadcast/broadcast.options.js';
import { LiveScoreError } from '../kernel/livescore.errors.js';
import { MqttFeedTransport } from './mqtt-feed-transport.js';

/**
 * Connects the live feed: the one call a host makes in its `main.ts`, before or after `app.listen()`. It never waits
 * for the broker, which may be down: the feed connects once the application has started, and again whenever it must.
 * Global pipes, filters and interceptors of the host apply to its own `@EventPattern` handlers. A second call does
 * nothing, nor does a call in a process whose role is `gateway`; other microservices of the host are left to the host's own `startAllMicroservices()`.
 *
 * @throws {@link LiveScoreError} `LIVESCORE_FEED_MODULE_MISSING` when the application does not import the ingest
 */
export async function connectLiveScoreFeed(app: INestApplication): Promise<void> {
  if (isGateway(app)) return;
  const transport = findTransport(app);
  if (transport.isWanted) return;
  const feed = app.connectMicroservice<MicroserviceOptions>({ strategy: transport }, { inheritAppConfig: true });
  await feed.listen();
}

/** A host may have the ingest without the broadcast. */
function isGateway(app: INestApplication): boolean {
  return find(app, ResolvedBroadcastOptions)?.role === 'gateway';
}

function findTransport(app: INestApplication): MqttFeedTransport {
  const transport = find(app, MqttFeedTransport);
  if (transport) return transport;
  throw new LiveScoreError(
    'LIVESCORE_FEED_MODULE_MISSING',
    'connectLiveScoreFeed: the application has no live feed; import LiveScoreModule or MqttIngestModule.',
  );
}

/** Not by `app.get`: what `NestFactory` made ends the process when that finds nothing. */
function find<Provider>(app: INestApplication, type: Type<Provider>): Provider | null {
  try {
    return app.get(ModuleRef).get(type, { strict: false });
  } catch {
    return null;
  }
}
