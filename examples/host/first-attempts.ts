import type { INestApplicationContext } from '@nestjs/common';
import { MqttFeedStatus } from '../../src/index.js';
import { DatabaseConnection } from './database-connection.js';
import type { HostEnvironment } from './environment.js';

const TIMEOUT_MS = 5_000;
const POLL_MS = 20;

/** Waits until database and broker have answered or refused for the first time, at most 5 s. A gateway has no broker. */
export async function firstAttemptsAreOver(
  app: INestApplicationContext,
  { role }: Pick<HostEnvironment, 'role'>,
): Promise<void> {
  const database = app.get(DatabaseConnection);
  const feed = role === 'gateway' ? null : app.get(MqttFeedStatus);
  const deadline = performance.now() + TIMEOUT_MS;
  const isOver = () => database.attempts > 0 && (!feed || isSubscribed(feed) || feed.lastError !== null);
  while (!isOver() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

function isSubscribed(feed: MqttFeedStatus): boolean {
  return feed.connected && feed.topics.every((topic) => feed.grantedQos[topic] !== undefined);
}
