import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { CommittedChanges, type ScoreCommitted } from '../contracts/committed-changes.js';
import { UpdateSink } from '../contracts/update-sink.js';
import type { MatchState } from '../domain/match-state.js';
import { isMatchStatus } from '../domain/match-status.js';
import { Accounting } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { Scheduler } from '../kernel/scheduler.js';
import { MatchDetailsModule } from '../match-details/match-details.module.js';
import { DetailsStore, type StoredDetails, type WantedDetails } from '../match-details/ports/details-store.js';
import { type LiveSnapshot, ProviderApi } from '../provider/ports/provider-api.js';
import { ProviderModule } from '../provider/provider.module.js';
import { InMemoryDetailsStore, InMemoryScoreStore } from '../testing/index.js';
import { decodeItems, decodeMessage } from '../thesports/decode-message.js';
import { ScoreStore } from './ports/score-store.js';
import { ScoreWriterModule } from './score-writer.module.js';

const FOLDER = 'test/fixtures/cases';
/** It is about the type of a column: `test/score-writer/column-types.spec.ts` pins it. */
const NEEDS_POSTGRES = '06-bigint-column.jsonl';
const GOALS: readonly unknown[] = [1, 8, 17];
const BETWEEN_FRAMES_MS = 250;

/** One line of a case. "now" and "now-60" stand for unix seconds. */
type Line =
  | { readonly seed: string }
  | { readonly frame: unknown }
  /** what the provider answers about the match from now on; a case without one has no provider */
  | { readonly rest: { readonly id: string } }
  /** somebody else sets a status */
  | { readonly sql: string }
  /** milliseconds that pass */
  | { readonly wait: number }
  /** seconds that pass while the host is down */
  | { readonly shift: number }
  /** facts about the match: the value, or the least and the most */
  | { readonly want: Want };
type Facts = Readonly<Record<string, unknown>>;
type Want = Facts & { readonly match: string };

/** Answers at once, with the newest item of every match. */
class ScriptedProvider extends ProviderApi {
  readonly items = new Map<string, unknown>();

  constructor(
    override readonly enabled: boolean,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async liveMatches(): Promise<LiveSnapshot> {
    const nowMs = this.clock.nowMs();
    const origin = { source: 'api', delivery: 'pull', receivedAtMs: nowMs, requestedAtMs: nowMs } as const;
    const { updates } = decodeItems({ code: 0, results: [...this.items.values()] }, origin);
    return { updates, rejected: 0, requestedAtMs: nowMs };
  }
}

/** The incidents of the rows whose scores are in the other store. */
class DetailsBesideScores extends InMemoryDetailsStore {
  constructor(private readonly scores: InMemoryScoreStore) {
    super();
  }

  override async load(wanted: readonly WantedDetails[]): Promise<ReadonlyMap<string, StoredDetails>> {
    const stored = await super.load(wanted);
    const withIncidents = new Set(wanted.flatMap(({ matchId, parts }) => (parts.incidents ? [matchId] : [])));
    const scoreOf = (matchId: string) => (withIncidents.has(matchId) ? (this.scores.row(matchId) ?? null) : null);
    return new Map([...stored].map(([matchId, details]) => [matchId, { ...details, score: scoreOf(matchId) }]));
  }
}

/** The writers of scores and details on stores in memory and virtual time, and what they announced. */
class CaseHost {
  private readonly time = new VirtualTime();
  private readonly clock = new VirtualClock(this.time);
  private readonly scores = new InMemoryScoreStore();
  private readonly details = new DetailsBesideScores(this.scores);
  private readonly commits: ScoreCommitted[] = [];
  private readonly provider: ScriptedProvider;
  private core: TestingModule | null = null;

  constructor(lines: readonly Line[]) {
    this.provider = new ScriptedProvider(
      lines.some((line) => 'rest' in line),
      this.clock,
    );
  }

  async start(): Promise<void> {
    const imports = [ScoreWriterModule.forRoot({ restLagMs: 1_000 }), ProviderModule.forRoot({}), MatchDetailsModule];
    const builder = Test.createTestingModule({ imports });
    const parts = [
      [ScoreStore, this.scores],
      [DetailsStore, this.details],
      [ProviderApi, this.provider],
      [Clock, this.clock],
      [Scheduler, new VirtualScheduler(this.time)],
    ] as const;
    for (const [token, part] of parts) builder.overrideProvider(token).useValue(part);
    this.core = await builder.compile();
    this.core.get(CommittedChanges, { strict: false }).batches$.subscribe((batch) => {
      for (const change of batch) if (change.kind === 'score') this.commits.push(change);
    });
    await this.core.init();
  }

  async stop(): Promise<void> {
    await this.core?.close();
    this.core = null;
  }

  async play(line: Line): Promise<void> {
    if ('seed' in line) this.seed(line.seed);
    else if ('frame' in line) await this.hear(JSON.stringify(this.dated(line.frame)));
    else if ('rest' in line) this.provider.items.set(line.rest.id, this.dated(line.rest));
    else if ('sql' in line) this.changeElsewhere(line.sql);
    else if ('wait' in line) await this.time.advance(line.wait);
    else if ('shift' in line) await this.restartAfter(line.shift);
    else await this.check(line.want);
  }

  private seed(matchId: string): void {
    this.scores.insert(matchId);
    this.details.put(matchId);
  }

  private async hear(payload: string): Promise<void> {
    const receivedAtMs = this.clock.nowMs();
    const { updates } = decodeMessage(payload, { source: 'mqtt', delivery: 'push', receivedAtMs, requestedAtMs: null });
    this.core?.get(Accounting, { strict: false }).received(updates.length);
    this.core?.get(UpdateSink, { strict: false }).submit(updates);
    await this.time.advance(BETWEEN_FRAMES_MS);
  }

  private changeElsewhere(statement: string): void {
    const [, status, matchId] = /SET status_id=(\d+), minute=NULL.* WHERE external_id='(\w+)'/.exec(statement) ?? [];
    const statusId = Number(status);
    if (!matchId || !isMatchStatus(statusId)) throw new Error(`Not a statement of these cases: ${statement}`);
    this.scores.change(matchId, { status: statusId, minute: null });
  }

  private async restartAfter(seconds: number): Promise<void> {
    await this.stop();
    await this.time.advance(seconds * 1000);
    await this.start();
  }

  private async check({ match, ...want }: Want): Promise<void> {
    const row = this.scores.row(match);
    if (!row) throw new Error(`No row ${match}`);
    const facts: Facts = await this.factsOf(row);
    const got = (fact: string) => (isWithin(facts[fact], want[fact]) ? want[fact] : facts[fact]);
    const shown = Object.fromEntries(Object.keys(want).map((fact) => [fact, got(fact)]));
    expect({ match, ...shown }).toEqual({ match, ...want });
  }

  private async factsOf({ matchId, status, minute, shown, kickoffs }: MatchState) {
    const events = this.commits.filter((commit) => commit.matchId === matchId).flatMap((commit) => commit.events);
    const parts = { statistics: false, incidents: true, commentary: false };
    const stored = (await this.details.load([{ matchId, parts }])).get(matchId);
    return {
      status_id: status,
      minute,
      score: `${shown.home}-${shown.away}`,
      sh_known: kickoffs.secondHalfS !== null,
      goal_frames: events.filter(({ type }) => type === 'goal').length,
      goal_incidents: stored?.incidents?.filter(({ type }) => GOALS.includes(type)).length ?? 0,
    };
  }

  private dated(value: unknown): unknown {
    const nowS = Math.floor(this.clock.nowMs() / 1000);
    return JSON.parse(JSON.stringify(value), (_, one: unknown) => {
      const now = typeof one === 'string' ? /^now([+-]\d+)?$/.exec(one) : null;
      return now ? nowS + Number(now[1] ?? 0) : one;
    });
  }
}

function isWithin(fact: unknown, wanted: unknown): boolean {
  return Array.isArray(wanted) && typeof fact === 'number' && fact >= wanted[0] && fact <= wanted[1];
}

describe('cases from public reports, frame by frame', () => {
  beforeEach(() => Logger.overrideLogger(false));
  afterEach(() => Logger.overrideLogger(true));

  it.each(readdirSync(FOLDER).filter((name) => name !== NEEDS_POSTGRES))('%s', async (name) => {
    const texts = readFileSync(`${FOLDER}/${name}`, 'utf8').trim().split('\n');
    const lines = texts.map((text): Line => JSON.parse(text));
    const host = new CaseHost(lines);
    await host.start();
    for (const line of lines) await host.play(line);
    await host.stop();
  });
});
