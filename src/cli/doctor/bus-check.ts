import { readRedisAddress } from '../../broadcast/adapters/redis/redis-address.js';
import { endRedisClient, loadRedis, type RedisClient } from '../../broadcast/adapters/redis/redis-client.js';
import { shownReason } from '../../broadcast/adapters/redis/shown-reason.js';
import { LiveScoreError } from '../../kernel/livescore.errors.js';
import { isAddress, shownAddress } from '../../kernel/service-address.js';
import { tlsFailureBehind } from '../../kernel/tls-failure.js';
import type { Environment } from '../command.js';
import { type Check, type Finding, fault, type Looked, SkippedCheck } from './finding.js';

const TIMEOUT_MS = 5_000;
/** Answers of Redis to who may not ask. */
const NOT_LET_IN = /^(NOAUTH|WRONGPASS|NOPERM|ERR)$/;

/** Connects to the Redis that tells other instances of commits, and pings it. */
export function busCheck({ REDIS_BUS_URL: url }: Environment): Check {
  return { name: 'bus', look: () => lookAtBus(url) };
}

async function lookAtBus(url: string | undefined): Promise<Looked> {
  if (!url) return { findings: [], seen: 'REDIS_BUS_URL is not set: instances tell each other by the journal' };
  if (!isAddress('Redis', url)) throw new SkippedCheck('REDIS_BUS_URL cannot be read');
  const at = shownAddress('Redis', url);
  const open = await loadRedis().catch((error: unknown) => error);
  if (typeof open !== 'function') return { findings: [packageMissing(open)], seen: '' };
  const client: RedisClient = open(readRedisAddress(url), AbortSignal.timeout(TIMEOUT_MS));
  const heard: unknown[] = [];
  client.on('error', (error) => heard.push(error));
  try {
    await client.connect();
    await client.ping();
    return { findings: [], seen: `${at} answers` };
  } catch (error) {
    return { findings: [notUsable(at, [error, ...heard])], seen: '' };
  } finally {
    endRedisClient(client);
  }
}

function packageMissing(error: unknown): Finding {
  if (!(error instanceof LiveScoreError)) throw error;
  return fault('LIVESCORE_REDIS_PACKAGE', 'the package redis is not installed', 'npm install redis');
}

function notUsable(at: string, errors: readonly unknown[]): Finding {
  const tls = errors.map(tlsFailureBehind).find((failure) => failure !== null);
  if (tls) return fault('LIVESCORE_BUS_TLS', `TLS to ${at} fails: ${tls.code}`, tls.todo);
  const reasons = errors.map(shownReason);
  const refusal = reasons.find((reason) => NOT_LET_IN.test(reason));
  if (refusal)
    return fault('LIVESCORE_BUS_REFUSES', `${at} refuses: ${refusal}`, 'correct user and password in REDIS_BUS_URL');
  const code = reasons.find((reason) => /^E[A-Z]+$/.test(reason)) ?? 'no answer within 5 s';
  return fault(
    'LIVESCORE_BUS_UNREACHABLE',
    `${at} cannot be reached: ${code}`,
    'start it, or correct REDIS_BUS_URL; without it scores go on, and other instances read the journal',
  );
}
