import type { Client } from 'pg';
import { openDatabase } from '../postgres/adapters/pg/open-database.js';
import { FramePublisher } from './feed/frame-publisher.js';
import { ReplayError } from './replay.errors.js';
import { REPLAY_DEFAULTS, type ReplayOptions } from './replay-options.js';
import { ClientCollector } from './verify/client-collector.js';

export interface ReplayConnections {
  readonly database: Client;
  readonly publisher: FramePublisher;
  /** null without `verify` */
  readonly collector: ClientCollector | null;
  close(): Promise<void>;
}

/**
 * Opens all that a replay needs, or nothing: a replay that cannot be done leaves no fixtures behind.
 * @throws UnreachableError when broker, database or WebSocket cannot be used
 */
export async function openConnections(
  options: ReplayOptions,
  matchIds: ReadonlySet<string>,
  nowMs: () => number,
): Promise<ReplayConnections> {
  const opened: (() => unknown)[] = [];
  const close = async () => {
    for (const one of opened.reverse()) await one();
  };
  try {
    const database = await openDatabase(options.databaseUrl);
    opened.push(() => database.end().catch(() => {}));
    const { mqttUrl: url, topic = REPLAY_DEFAULTS.topic, username, password, qos } = options;
    const publisher = await FramePublisher.connect({ url, topic, username, password, qos });
    opened.push(() => publisher.close());
    const collector = await openCollector(options, matchIds, nowMs);
    opened.push(() => collector?.close());
    return { database, publisher, collector, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openCollector(
  { verify, wsUrl }: ReplayOptions,
  matchIds: ReadonlySet<string>,
  nowMs: () => number,
): Promise<ClientCollector | null> {
  if (!verify) return null;
  if (wsUrl === undefined)
    throw new ReplayError('LIVESCORE_REPLAY_OPTIONS', 'verify needs the WebSocket address of the host');
  return ClientCollector.connect(wsUrl, (matchId) => matchIds.has(matchId), nowMs);
}
