import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { PROVIDER_TOPIC, readEnvironment } from '../../examples/host/environment.js';
import { type RunningHost, startHost } from '../../examples/host/start-host.js';
import { Outbox } from '../../src/broadcast/adapters/ws/outbox.js';
import { CommittedMatchCache } from '../../src/cache/committed-match-cache.service.js';
import { PgScoreStore } from '../../src/score-writer/adapters/pg/pg-score-store.js';
import { GuardCircumstances } from '../../src/score-writer/guard-circumstances.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { seedMatch, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const MOST_HAND_OVERS = 10;
const ROW = /^\| \d+ \| `([^`]+)`[^|]* \| `([^`]+)`/gm;
/** The table of `docs/architecture.md`: what it says is what is compared. */
const WAY = [...readFileSync('docs/architecture.md', 'utf8').matchAll(ROW)].map(([, from, to]) => `${from} → ${to}`);
const MATCH = 'handed-over';
const kickoffS = Math.floor(Date.now() / 1000) - 600;

/** Files of ours on the stack of the present call, the outermost first. Functions of the domain are nobody's hand. */
function classesOnTheStack(): readonly string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 200;
  const lines = (new Error().stack ?? '').split('\n').reverse();
  Error.stackTraceLimit = limit;
  const ours = lines.filter((line) => !line.includes('/node_modules/'));
  const files = ours.flatMap((line) => /\/src\/(?!domain\/|thesports\/)([\w/.-]+)\.[jt]s[:?]/.exec(line)?.[1] ?? []);
  return files.filter((file, n) => file !== files[n - 1]);
}

/** Each call or callback from one class of ours to another, once, in order of the first time. */
function handOvers(stacks: readonly (readonly string[])[]): readonly string[] {
  const calls = stacks.flatMap((files) => files.slice(1).map((file, n) => `${files[n]} → ${file}`));
  return [...new Set(calls)];
}

describe('a goal, from the data of the socket to the send of the gateway', () => {
  let stacks: (readonly string[])[] = [];
  let database: TestDatabase;
  let broker: TestBroker;
  let host: RunningHost;
  let publisher: MqttClient;
  let screen: WsTestClient;

  /** Notes who calls the method. @param callee to be counted as called, too */
  function record<Owner extends object>(
    owner: Owner,
    method: string & keyof Owner,
    ...callee: readonly string[]
  ): void {
    const original = owner[method] as (...args: unknown[]) => unknown;
    Object.assign(owner, {
      [method](this: unknown, ...args: unknown[]): unknown {
        stacks.push([...classesOnTheStack(), ...callee]);
        return Reflect.apply(original, this, args);
      },
    });
    restore.push(() => Object.assign(owner, { [method]: original }));
  }
  const restore: (() => unknown)[] = [];

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    const addresses = { databaseUrl: database.url, mqttUrl: broker.url, redisUrl: null };
    // no minute goes the same way while the goal does
    host = await startHost({ ...readEnvironment({}), ...addresses, port: 0, minute: 'off' }, { logLevels: [] });
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await takesTheFeed(host);
    screen = await WsTestClient.connect(`${host.url.replace('http', 'ws')}/ws`);
  });

  afterAll(async () => {
    for (const undo of restore) undo();
    screen.close();
    await publisher.endAsync();
    await host.close();
    await broker.stop();
    await database.drop();
  });

  /** One frame of the match, and its commit on the screen. */
  async function tell(home: number, type: string): Promise<void> {
    const score = [MATCH, 2, [home, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 2, 0, 0], kickoffS];
    await publisher.publishAsync(PROVIDER_TOPIC, JSON.stringify([{ id: MATCH, score }]));
    await eventually(() => screen.frames.some((frame) => frame.matchId === MATCH && frame.type === type), {
      what: `${type} on the screen`,
    });
  }

  it(`is handed over ${MOST_HAND_OVERS} times at most`, async () => {
    await seedMatch(database.url, MATCH);
    await tell(0, 'MATCH_STATE_CHANGE');
    // where the mailbox asks the guard, at the statement, beside the cache on the way to the clients, at the send
    record(GuardCircumstances.prototype, 'at');
    record(PgScoreStore.prototype, 'write', 'score-writer/adapters/pg/pg-score-store');
    record(CommittedMatchCache.prototype, 'afterCommit');
    record(Outbox.prototype as unknown as { news(): void }, 'news');
    stacks = [];
    await tell(1, 'GOAL');
    // cards and predictions are read later, beside the way
    const way = handOvers(stacks.filter((files) => !files.includes('broadcast/board-reader.service')));
    expect(way).toEqual(WAY);
    expect(way.length).toBeLessThanOrEqual(MOST_HAND_OVERS);
  });
});
