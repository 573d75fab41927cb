// A host on a database of its own: the whole package without a feed. Goals are given to the writer as the feed gives them.
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { Audience } from '../../../src/broadcast/ports/audience.js';
import { type Receipt, UpdateSink } from '../../../src/contracts/update-sink.js';
import type { MatchUpdate, ScoreUpdate } from '../../../src/domain/match-update.js';
import { LiveScoreModule } from '../../../src/live-score.module.js';
import { matchIdOf, Workload } from '../../workload.js';
import { settings } from '../answer-parent.js';
import { sharedNowMs } from '../shared-clock.js';
import { ENDPOINT, runServer } from './run-server.js';
import { StatementCount } from './statement-count.js';

export interface HostSettings {
  readonly databaseUrl: string;
  /** of every second half in the database, unix seconds */
  readonly kickoffS: number;
  readonly role: 'both' | 'gateway';
  /** Redis and the channel on it; absent: no other instance */
  readonly redis?: { readonly url: string; readonly channel: string };
}

export interface Goals {
  /** indexes of matches, in turn */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** 0: the next goal once the one before is committed */
  readonly everyMs: number;
}

export interface GoalTimes {
  /** of each goal: from its receipt to its commit */
  readonly commitMs: readonly number[];
  /** of each goal: when clients were to be told, after the commit, shared clock */
  readonly toldAtMs: readonly number[];
}

const LONGEST_WAIT_MS = 10_000;
const { databaseUrl, kickoffS, role, redis } = settings<HostSettings>();
const statements = new StatementCount();
statements.begin();

const app = await NestFactory.create(
  LiveScoreModule.forRoot({
    role,
    postgres: { connection: databaseUrl },
    // nobody competes, and a held-up machine is not to lose it
    lease: { enabled: false },
    broadcast: {
      maxClients: 20_000,
      handshakesPerSecond: 100_000,
      messagesPerSecond: 1_000,
      ...(redis ? { redis } : {}),
    },
  }),
  { logger: ['error'] },
);
// both adapters of Nest pass the options on; its types know numbers and texts
await app.listen(ENDPOINT as never);
const workload = new Workload(kickoffS);
const toldAtMs: number[] = [];
const audience = app.get(Audience, { strict: false });
const tell = audience.tell.bind(audience);
audience.tell = (changes) => {
  const nowMs = sharedNowMs();
  for (const { kind } of changes) if (kind === 'score') toldAtMs.push(nowMs);
  tell(changes);
};

async function goals({ from, to, count, everyMs }: Goals): Promise<GoalTimes> {
  toldAtMs.length = 0;
  const commits: Promise<number>[] = [];
  const startedAtMs = sharedNowMs();
  for (let n = 0; n < count; n++) {
    if (everyMs > 0) await pause(Math.max(0, startedAtMs + n * everyMs - sharedNowMs()));
    const committed = goal(from + (n % (to - from)));
    commits.push(committed);
    if (everyMs === 0) await committed;
  }
  return { commitMs: await Promise.all(commits), toldAtMs: [...toldAtMs] };
}

/** @returns how long it took from receipt to commit, ms */
function goal(index: number): Promise<number> {
  const sink = app.get(UpdateSink, { strict: false });
  const { home, away } = workload.goal(index);
  const update: ScoreUpdate = {
    matchId: matchIdOf(index),
    source: 'mqtt',
    delivery: 'push',
    receivedAtMs: Date.now(),
    requestedAtMs: null,
    providerTimeS: null,
    score: { status: 4, home: slots(home), away: slots(away), periodKickoffS: kickoffS },
  };
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${update.matchId}: no commit`)), LONGEST_WAIT_MS);
    const startedAtMs = performance.now();
    const receipt: Receipt = {
      awaitsCommit: true,
      concluded(_: MatchUpdate, { kind, reason }) {
        clearTimeout(late);
        if (kind === 'applied') resolve(performance.now() - startedAtMs);
        else reject(new Error(`${update.matchId}: ${kind}, ${reason}`));
      },
    };
    sink.submit([update], receipt);
  });
}

function slots(counts: readonly number[]) {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = counts;
  return [a, b, c, d, e, f, g] as const;
}

export type HostCalls = {
  goals(what: Goals): Promise<GoalTimes>;
  statements(_: object): ReturnType<StatementCount['take']>;
};

runServer(
  {
    port: (app.getHttpServer().address() as AddressInfo).port,
    broadcast: () => undefined,
    close: () => app.close(),
  },
  { goals, statements: () => statements.take() },
);
