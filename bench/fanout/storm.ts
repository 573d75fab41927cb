import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../statistics.js';
import { matchIdOf } from '../workload.js';
import { Child } from './child.js';
import type { CrowdCalls } from './crowd.js';
import { excessStatements, type Statements, sumOf } from './excess-statements.js';
import { type FanOutDatabase, LIVE, versionsIn } from './fan-out-database.js';
import { comingBack, learnPositions, type Positions, positionsIn } from './live-crowd.js';
import { middle, ratio } from './rounds.js';
import type { HostCalls, HostSettings } from './servers/host.js';
import type { ServerCalls } from './servers/run-server.js';
import { Pair } from './subjects.js';

/** All come back within a second. */
const BACK_WITHIN_MS = 1_000;
/** Clients that are asked afterwards what they were shown. */
const WITNESSES = 50;
/** Matches that change while all clients are away. */
const MISSED = 20;
/** Goals in matches that none of the clients follows which are there then: nothing is told, so that only the storm is felt. */
const GOALS = { from: 50, to: LIVE, everyMs: 20 } as const;
const FOLLOWED = Array.from({ length: GOALS.from }, (_, index) => matchIdOf(index));
/** Sockets have to be seen to end, and the machine to be quiet. */
const CUT_MS = 700;
/** Long enough for everything that a process asks by the clock every few seconds. */
const CALM_MS = 4_000;
/** Addresses of loopback in turn: ports of one that were used a moment ago are not free yet. */
const ADDRESSES = 8;

export interface Storm {
  readonly clients: number;
  /** of the process from the first client that comes back to the last that is current, beyond those it sends by the clock */
  readonly statements: number | null;
  readonly statementsOfLastRound: Readonly<Record<string, number>>;
  /** from the first client that comes back to the last that is current */
  readonly currentMs: number | null;
  /** CPU of the host meanwhile */
  readonly hostCpuMs: number | null;
  /** the same number of clients comes back to a plain `ws` loop, which tells them nothing: what the machine takes */
  readonly loopMs: number | null;
  readonly loopCpuMs: number | null;
  readonly scoreP50: {
    readonly calmMs: number | null;
    readonly stormMs: number | null;
    readonly ratio: number | null;
    /** the same storm on a plain `ws` loop in another process: what the machine costs */
    readonly elsewhereRatio: number | null;
  };
  readonly invalid: readonly string[];
}

/** All clients are cut off, and come back with their positions within a second. */
export class StormRounds {
  private readonly invalid: string[] = [];
  private readonly statements: number[] = [];
  private texts: Readonly<Record<string, number>> = {};
  private calmStatements: Statements = { texts: {}, ms: 1 };
  private readonly currentMs: number[] = [];
  private readonly hostCpuMs: number[] = [];
  private readonly loopMs: number[] = [];
  private readonly loopCpuMs: number[] = [];
  private readonly calm: number[] = [];
  private readonly stormy: number[] = [];
  private readonly elsewhere: number[] = [];
  private storms = 0;

  private constructor(
    private readonly databaseUrl: string,
    private readonly host: Child<ServerCalls & HostCalls>,
    private readonly crowd: Child<CrowdCalls>,
    private readonly other: Pair,
    private readonly port: number,
    private readonly clients: number,
    private since: Positions,
  ) {}

  static async start(
    databases: FanOutDatabase,
    kickoffS: number,
    clients: number,
    own: (end: () => Promise<void>) => void,
  ): Promise<StormRounds> {
    const databaseUrl = await databases.create('storm');
    const host = Child.start<ServerCalls & HostCalls>('servers/host', hostSettings(databaseUrl, kickoffS));
    own(() => host.end());
    const crowd = Child.start<CrowdCalls>('crowd');
    own(() => crowd.end());
    const port = await host.call('port', {});
    const other = await Pair.start('loop');
    own(() => other.end());
    await host.call('goals', { from: 0, to: LIVE, count: LIVE, everyMs: 0 });
    const since = await learnPositions(crowd, port);
    return new StormRounds(databaseUrl, host, crowd, other, port, clients, since);
  }

  async run(rounds: number): Promise<Storm> {
    await this.beCalm();
    await this.storm();
    for (let round = 0; round < rounds; round++) {
      await this.quietStorm();
      await this.quietLoop();
      await this.stormBesideGoals();
    }
    this.invalid.push(...(await this.crowd.call('lost', {})));
    const { calm, stormy, elsewhere, statements, texts, currentMs, clients, invalid } = this;
    const scoreP50 = {
      calmMs: middle(calm),
      stormMs: middle(stormy),
      ratio: ratio(stormy, calm),
      elsewhereRatio: ratio(elsewhere, calm),
    };
    return {
      clients,
      statements: middle(statements, 0),
      statementsOfLastRound: texts,
      currentMs: middle(currentMs, 0),
      hostCpuMs: middle(this.hostCpuMs, 0),
      loopMs: middle(this.loopMs, 0),
      loopCpuMs: middle(this.loopCpuMs, 0),
      scoreP50,
      invalid,
    };
  }

  private async beCalm(): Promise<void> {
    await this.host.call('statements', {});
    await pause(CALM_MS);
    const { texts } = await this.host.call('statements', {});
    this.calmStatements = { texts, ms: CALM_MS };
  }

  /** Clients that follow everything. Nothing is written meanwhile, so that every statement is the storm's, or the clock's. */
  private async quietStorm(): Promise<void> {
    await this.learn();
    await this.host.call('goals', { from: 0, to: MISSED, count: MISSED, everyMs: 0 });
    const expected = await this.missed();
    await this.host.call('statements', {});
    const spentMs = await this.host.call('cpuMs', {});
    const tookMs = await this.comeBack(null);
    this.hostCpuMs.push((await this.host.call('cpuMs', {})) - spentMs);
    const { texts } = await this.host.call('statements', {});
    this.texts = excessStatements({ texts, ms: tookMs }, this.calmStatements);
    this.statements.push(sumOf(this.texts));
    this.currentMs.push(tookMs);
    await this.check(expected);
  }

  private async quietLoop(): Promise<void> {
    await this.cut();
    await this.other.crowd.call('cut', {});
    await pause(CUT_MS);
    const spentMs = await this.other.server.call('cpuMs', {});
    this.loopMs.push(await this.storm());
    this.loopCpuMs.push((await this.other.server.call('cpuMs', {})) - spentMs);
  }

  private async stormBesideGoals(): Promise<void> {
    await this.learn();
    await this.comeBack(FOLLOWED);
    await pause(CUT_MS);
    this.calm.push(await this.p50Beside(async () => pause(BACK_WITHIN_MS)));
    await this.cut();
    this.stormy.push(await this.p50Beside(() => this.comeBack(FOLLOWED)));
    await this.other.crowd.call('cut', {});
    await pause(CUT_MS);
    this.elsewhere.push(await this.p50Beside(() => this.storm()));
  }

  private async learn(): Promise<void> {
    await this.cut();
    this.since = await learnPositions(this.crowd, this.port);
  }

  /** Goals come in all the while; only those before its end count. */
  private async p50Beside(something: () => Promise<unknown>): Promise<number> {
    const count = Math.ceil(BACK_WITHIN_MS / GOALS.everyMs);
    const goals = this.host.call('goals', { ...GOALS, count });
    const [{ commitMs }] = await Promise.all([goals, something()]);
    return median(commitMs) ?? 0;
  }

  private async cut(): Promise<void> {
    await this.crowd.call('cut', {});
    await pause(CUT_MS);
  }

  private async comeBack(matches: readonly string[] | null): Promise<number> {
    const since = matches ? Object.fromEntries(matches.map((id) => [id, this.since[id] ?? '0.0'])) : this.since;
    const { tookMs } = await this.crowd.call('connect', {
      ...comingBack(this.port, this.clients, since, matches),
      ...this.together(),
      witnesses: WITNESSES,
    });
    return tookMs;
  }

  /** The same number of clients comes to the plain loop. */
  private async storm(): Promise<number> {
    const port = await this.other.server.call('port', {});
    const { tookMs } = await this.other.crowd.call('connect', {
      port,
      path: '/',
      hello: [],
      greetings: 0,
      count: this.clients,
      ...this.together(),
    });
    return tookMs;
  }

  private together() {
    return { overMs: BACK_WITHIN_MS, localAddress: `127.0.0.${2 + (this.storms++ % ADDRESSES)}` };
  }

  /** The matches that clients do not have as the database has them. */
  private async missed(): Promise<Positions> {
    const missed: Positions = {};
    for (const [id, version] of await versionsIn(this.databaseUrl)) {
      const [epoch, known] = (this.since[id] ?? '').split('.');
      if (known !== String(version)) missed[id] = `${epoch}.${version}`;
    }
    return missed;
  }

  private async check(expected: Positions): Promise<void> {
    const shown = await this.crowd.call('kept', {});
    if (shown.length < Math.min(WITNESSES, this.clients)) this.invalid.push('some clients were shown nothing');
    const wanted = JSON.stringify(sorted(expected));
    for (const text of shown) {
      if (JSON.stringify(sorted(positionsIn(text))) !== wanted) this.invalid.push('a client was shown other positions');
    }
  }
}

export function hostSettings(databaseUrl: string, kickoffS: number, more: Partial<HostSettings> = {}): HostSettings {
  return { databaseUrl, kickoffS, role: 'both', ...more };
}

function sorted(positions: Positions): [string, string][] {
  return Object.entries(positions).sort(([a], [b]) => (a < b ? -1 : 1));
}
