import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { BehaviorSubject } from 'rxjs';
import { AfterCommitModule } from '../../src/after-commit/after-commit.module.js';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { CommittedChanges } from '../../src/contracts/committed-changes.js';
import { IngestLease, type LeaseTerm } from '../../src/contracts/ingest-lease.js';
import { incidentKey } from '../../src/domain/incident-list.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { Scheduler } from '../../src/kernel/scheduler.js';
import {
  type AnnouncedIncident,
  type JournaledChange,
  RecentChanges,
} from '../../src/reannounce/ports/recent-changes.js';
import { TakeoverRepeat } from '../../src/reannounce/takeover-repeat.js';
import { scoreCommitted, slots } from '../support/committed-changes.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };

class Journal extends RecentChanges {
  readonly asked: number[] = [];
  changes: readonly JournaledChange[] = [];
  announced: readonly AnnouncedIncident[] = [];
  answer: () => Promise<void> = async () => undefined;

  /** Answers wait until the returned function is called. */
  holdBack(): () => void {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.answer = () => released;
    return release;
  }

  override async load(withinMs: number): Promise<readonly JournaledChange[]> {
    this.asked.push(withinMs);
    const { changes } = this;
    await this.answer();
    return changes;
  }

  override async incidents(): Promise<readonly AnnouncedIncident[]> {
    return this.announced;
  }

  override async after(): Promise<never> {
    throw new Error('A takeover asks for no gap');
  }
}

class Lease extends IngestLease {
  private readonly terms = new BehaviorSubject<LeaseTerm | null>(null);
  override readonly terms$ = this.terms.asObservable();
  override readonly confirmed = true;

  override get term(): LeaseTerm | null {
    return this.terms.value;
  }

  override doubt(): void {}

  take(fence: number | null): void {
    this.terms.next(fence === null ? null : { fence, clientId: 'one' });
  }
}

const state = (home: number) => ({
  status: 4 as const,
  home: slots(home),
  away: slots(0),
  kickoffs: { firstHalfS: null, secondHalfS: null, overtimeS: null },
});

/** The goal that made it `version`-0. */
const goal = (version: number, fields: Partial<JournaledChange> = {}): JournaledChange => ({
  matchId: 'm',
  epoch: 1,
  version,
  source: 'mqtt',
  catchUp: false,
  minute: null,
  goalIncidents: [],
  before: state(version - 1),
  after: state(version),
  announced: state(version - 1),
  receivedAtMs: 1_700_000_000_000,
  committedAtMs: 1_700_000_000_005,
  row: null,
  ...fields,
});

const liveGoal = (version: number, matchId = 'm') =>
  scoreCommitted({ matchId, version, home: slots(version), away: slots(0) }, [
    { type: 'score-changed', homeScore: version, awayScore: 0 },
  ]);

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start({ leased = true, journal = new Journal() } = {}) {
  const time = new VirtualTime();
  const lease = new Lease();
  @Global()
  @Module({ providers: [{ provide: IngestLease, useValue: leased ? lease : undefined }], exports: [IngestLease] })
  class Leases {}
  const built = await Test.createTestingModule({
    imports: [Leases, BroadcastModule.forRoot(), AfterCommitModule],
    providers: [TakeoverRepeat, { provide: RecentChanges, useValue: journal }],
  })
    .overrideProvider(Scheduler)
    .useValue(new VirtualScheduler(time))
    .setLogger(quiet)
    .compile();
  const app = built.createNestApplication(new ExpressAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  cleanups.push(() => app.close());
  const { port } = app.getHttpServer().address() as AddressInfo;
  const connect = async () => {
    const client = await WsTestClient.connect(`ws://127.0.0.1:${port}/ws`);
    cleanups.push(() => client.close());
    return client;
  };
  return { time, lease, journal, connect, changes: app.get(CommittedChanges), metrics: app.get(LiveScoreMetrics) };
}

const scores = (client: WsTestClient) =>
  client.frames.filter(({ type }) => type === 'SCORE_CHANGE').map(({ matchId, version }) => `${matchId}${version}`);

/** The one timer of the gateway. */
const HEARTBEAT = 1;

const typesOf = (client: WsTestClient) => client.frames.map(({ type }) => type).filter((type) => type !== 'PING');

const hears = (client: WsTestClient, ...expected: string[]) =>
  eventually(() => scores(client).join(' ') === expected.join(' '), { what: expected.join(' ') });

describe('after a takeover', () => {
  it('tells the connected clients once, and each that connects within 60 s once, right after its greeting', async () => {
    const { time, lease, journal, connect, metrics } = await start();
    journal.changes = [goal(1), goal(2)];
    const answer = journal.holdBack();
    lease.take(1);
    const early = await connect();
    answer();
    await hears(early, 'm1', 'm2');
    expect(early.frames.slice(1)).toMatchObject([
      { type: 'GOAL', version: 1, epoch: 1, homeScore: 1, source: 'mqtt', receivedAt: 1_700_000_000_000 },
      { type: 'SCORE_CHANGE', version: 1 },
      { type: 'GOAL', version: 2, homeScore: 2 },
      { type: 'SCORE_CHANGE', version: 2 },
    ]);
    await time.advance(59_000);
    const newcomer = await connect();
    await hears(newcomer, 'm1', 'm2');
    expect(typesOf(newcomer)).toEqual(['CONNECTED_FROM_HANDLER', ...typesOf(early).slice(1)]);
    await time.advance(1_001);
    const late = await connect();
    lease.take(1);
    expect([late.frames.length, scores(early), journal.asked]).toEqual([1, ['m1', 'm2'], [60_000]]);
    const { values } = await metrics.commitToBroadcast.get();
    expect(values.find(({ metricName }) => metricName?.endsWith('_count'))?.value ?? 0).toBe(0);
    expect(time.waiting).toBe(HEARTBEAT);
  });

  it('what is committed meanwhile has the last word', async () => {
    const { lease, journal, connect, changes } = await start();
    journal.changes = [goal(1), goal(2)];
    const release = journal.holdBack();
    lease.take(1);
    const early = await connect();
    // one of them is in the journal that is being read, one is not, one is about another match
    changes.publish([liveGoal(2), liveGoal(3), liveGoal(1, 'other')]);
    await hears(early, 'm2', 'm3', 'other1');
    release();
    await hears(early, 'm2', 'm3', 'other1', 'm1', 'm2', 'm3');
    changes.publish([liveGoal(4), liveGoal(2, 'other')]);
    const newcomer = await connect();
    await hears(newcomer, 'm1', 'm2', 'm3', 'm4');
  });

  it('asks again while the database does not answer, for what was committed before the takeover', async () => {
    const { time, lease, journal, connect } = await start();
    journal.changes = [goal(1)];
    journal.answer = () => Promise.reject(new Error('away'));
    lease.take(1);
    const client = await connect();
    await time.advance(10_000);
    journal.answer = async () => undefined;
    await time.advance(5_000);
    await hears(client, 'm1');
    expect(journal.asked.length).toBeGreaterThan(4);
    expect(journal.asked.at(-1)).toBeGreaterThan(70_000);
  });

  it('ends when the lease is lost, and begins anew with another term', async () => {
    const { time, lease, journal, connect } = await start();
    journal.changes = [goal(1)];
    lease.take(1);
    await time.advance(0);
    const client = await connect();
    await hears(client, 'm1');
    lease.take(null);
    await time.advance(0);
    lease.take(2);
    await time.advance(0);
    await hears(await connect(), 'm1');
    expect(journal.asked).toHaveLength(2);
  });

  it('what this process told itself in an earlier term is told to nobody again', async () => {
    const { time, lease, journal, connect, changes } = await start();
    lease.take(1);
    await time.advance(0);
    changes.publish([{ ...liveGoal(1), epoch: 1 }]);
    lease.take(null);
    journal.changes = [goal(1), goal(2)];
    lease.take(2);
    await time.advance(0);
    await hears(await connect(), 'm2');
  });

  it('cards and corrections are told again by their key, but not those that this process told itself', async () => {
    const { time, lease, journal, connect, changes } = await start();
    const yellow = { type: 3, position: 1, time: 40, player_id: 'p' };
    const announced = { matchId: 'm', announcedAtMs: 1_700_000_000_000 };
    const heard = { kind: 'incidents', corrected: [], receivedAtMs: 0, committedAtMs: 0 } as const;
    lease.take(1);
    await time.advance(0);
    changes.publish([{ ...heard, matchId: 'm', fresh: [yellow] }]);
    lease.take(null);
    const corrected = { ...announced, before: yellow, after: { ...yellow, time: 41 } };
    journal.announced = [{ ...announced, after: yellow }, corrected, { ...announced, matchId: 'n', after: yellow }];
    lease.take(2);
    await time.advance(0);
    const client = await connect();
    await eventually(() => client.frames.length === 3, { what: 'two incidents' });
    expect(client.frames.slice(1)).toMatchObject([
      { type: 'CARD_CORRECTED', matchId: 'm', time: 41, previousTime: 40, incidentKey: incidentKey(corrected.after) },
      { type: 'CARD', matchId: 'n', time: 40, incidentKey: incidentKey(yellow) },
    ]);
    changes.publish([{ ...heard, matchId: 'n', fresh: [{ ...yellow, time: 44 }] }]);
    const newcomer = await connect();
    await eventually(() => newcomer.frames.length === 4, { what: 'the later card as well' });
    expect(newcomer.frames.at(-1)).toMatchObject({ type: 'CARD', matchId: 'n', time: 44 });
  });

  it('a journal that was asked for in a term of the past is not told', async () => {
    const { time, lease, journal, connect } = await start();
    journal.changes = [goal(1)];
    const release = journal.holdBack();
    lease.take(1);
    const client = await connect();
    lease.take(null);
    release();
    await time.advance(0);
    expect([client.frames.length, time.waiting]).toEqual([1, HEARTBEAT]);
  });
});

describe('without a lease', () => {
  it('tells what is owed from bootstrap on', async () => {
    const journal = new Journal();
    journal.changes = [goal(1)];
    const { connect } = await start({ leased: false, journal });
    await hears(await connect(), 'm1');
  });
});
