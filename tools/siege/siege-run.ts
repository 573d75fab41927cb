import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import { percentile } from '../../src/kernel/percentile.js';
import { runSql } from '../../test/support/database.js';
import { eventually } from '../../test/support/eventually.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { Attackers } from '../doors/attackers.js';
import { ATTACKS } from '../doors/attacks.js';
import { seedMatches } from '../doors/watched-matches.js';
import type { HostProcess } from '../faults/parts/host-process.js';
import { finalCheck, untilRight } from '../soak/checks/final-check.js';
import { MatchDay } from '../soak/model/match-day.js';
import { cpuSecondsOf, type ProcessSize, sizeOf } from '../soak/process-memory.js';
import { Publisher } from '../soak/publisher.js';
import type { Stage } from '../soak/stage.js';
import { HostWatch } from '../soak/watch.js';
import { HOSTILE_ROWS, hostileMessage } from './hostile-messages.js';
import type { SiegeOptions } from './options.js';
import type { SiegeVerdict } from './verdict.js';

const START_TIMEOUT_MS = 20_000;
const SAY_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 200;
/** One attacker of each kind, each again after this. */
const REST_MS = 5_000;
const HOSTILE_PER_SECOND = 2;
/** What attackers leave behind goes in this time: sockets that nobody answers for, connections to the database that were not needed for a while. */
const LEAVE_MS = 30_000;

/** All attacks at the same time, at a low rate, beside the load of a match day. */
export class SiegeRun {
  private readonly day: MatchDay;
  private tries = 0;
  private hostileSent = 0;
  private cpuBefore = 0;
  private cpuDuring = 0;
  private before: ProcessSize = { rssMb: Number.NaN, fds: 0 };
  private after: ProcessSize = { rssMb: Number.NaN, fds: 0 };

  constructor(
    private readonly stage: Stage,
    private readonly options: SiegeOptions,
    private readonly signal: AbortSignal,
    private readonly say: (text: string) => void,
  ) {
    this.day = new MatchDay(options.matches, () => Math.floor(Date.now() / 1_000), new SeededRandom(options.seed));
  }

  async run(): Promise<SiegeVerdict> {
    const { stage, day, options, signal } = this;
    await stage.database.insertMatches(day.all.map(({ matchId }) => matchId));
    await seedMatches(stage.database.url);
    await runSql(stage.database.url, HOSTILE_ROWS);
    const host = await stage.slot.start();
    await eventually(() => stage.feed.sessions > 0, { what: 'the host to take the feed', timeoutMs: START_TIMEOUT_MS });
    const watch = new HostWatch(host);
    watch.begin();
    const lines = setInterval(() => this.sayHow(watch), SAY_EVERY_MS);
    try {
      await Promise.all([
        stage.publisher.run(options.rate, (number) => this.message(number), signal),
        this.play(host, watch),
      ]);
      this.say('the load is over');
      await untilRight(stage, day.playing, stage.publisher.sent + this.hostileSent);
    } finally {
      clearInterval(lines);
      watch.end();
    }
    return this.judge(host, watch);
  }

  private async message(number: number): Promise<string> {
    const { match, isNew } = this.day.next();
    if (isNew) await this.stage.database.insertMatches([match.matchId]);
    return match.next(number);
  }

  private async play(host: HostProcess, watch: HostWatch): Promise<void> {
    const { warmUpS, rehearsalS, seconds } = this.options;
    this.cpuBefore = await this.cpuOf(host, () => this.until(warmUpS, watch));
    const fds = sizeOf(host.pid).fds;
    if (rehearsalS > 0) await this.attack(rehearsalS, host, fds);
    this.before = { rssMb: await watch.collectedMb(), fds };
    this.say(`before: ${this.before.rssMb.toFixed(1)} MB after collections, ${fds} files`);
    this.cpuDuring = await this.cpuOf(host, () => this.attack(seconds, host, fds));
    this.after = { rssMb: await watch.collectedMb(), fds: sizeOf(host.pid).fds };
    this.stage.publisher.stop();
  }

  /** All attackers for so long, until they and what they left are gone. @param fds of the host before them */
  private async attack(seconds: number, host: HostProcess, fds: number): Promise<void> {
    const feed = await Publisher.connect(this.stage.brokerUrl, PROVIDER_TOPIC);
    const attackers = await Attackers.start(`127.0.0.1:${this.stage.port}`, 1, Object.keys(ATTACKS), REST_MS);
    const next = async () => hostileMessage(this.hostileSent++);
    const publishing = feed.run(HOSTILE_PER_SECOND, next, this.signal);
    try {
      await Promise.race([this.sleep(seconds * 1_000), publishing]);
    } finally {
      feed.stop();
      this.tries += await attackers.end();
    }
    await publishing;
    await feed.close();
    this.say('the attackers are gone');
    const deadline = performance.now() + LEAVE_MS;
    while (sizeOf(host.pid).fds > fds && performance.now() < deadline) await this.sleep(LOOK_EVERY_MS);
  }

  private async judge(host: HostProcess, watch: HostWatch): Promise<SiegeVerdict> {
    const { stage, options, before, after, hostileSent: hostile } = this;
    const { sent } = stage.publisher;
    const { lost, findings } = await finalCheck(stage, this.day.all, host, sent + hostile);
    for (const { kind, text } of findings.slice(0, 12)) this.say(`${kind}: ${text}`);
    const health = [...watch.answersMs].sort((a, b) => a - b);
    return {
      seconds: options.seconds,
      rate: options.rate,
      sent,
      hostile,
      attacks: Object.keys(ATTACKS).length,
      tries: this.tries,
      lost,
      findings: findings.length,
      keepaliveLost: Math.max(stage.feed.sessions - 1, watch.reconnects),
      before: rounded(before),
      after: rounded(after),
      most: rounded({
        rssMb: Math.max(...watch.samples.map(({ rssMb }) => rssMb)),
        fds: Math.max(...watch.samples.map(({ fds }) => fds)),
      }),
      logBytes: statSync(stage.slot.logFile).size,
      loggedS: Math.round(watch.elapsedS),
      healthP99Ms: Math.round(percentile(health, 0.99) ?? Number.NaN),
      healthUnanswered: watch.unanswered,
      cpuBefore: this.cpuBefore,
      cpuDuring: this.cpuDuring,
    };
  }

  /** @returns share of one core that the host took meanwhile */
  private async cpuOf(host: HostProcess, work: () => Promise<void>): Promise<number> {
    const [cpuS, startMs] = [cpuSecondsOf(host.pid), performance.now()];
    await work();
    return Number(((cpuSecondsOf(host.pid) - cpuS) / ((performance.now() - startMs) / 1_000)).toFixed(2));
  }

  private until(atS: number, watch: HostWatch): Promise<void> {
    return this.sleep(Math.max(0, atS - watch.elapsedS) * 1_000);
  }

  private async sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.signal });
  }

  private sayHow(watch: HostWatch): void {
    const { deliveries, publisher, feed, slot } = this.stage;
    const last = watch.samples.at(-1);
    this.say(
      `${Math.round(watch.elapsedS)} s: ${publisher.sent} and ${this.hostileSent} hostile sent, ${deliveries.openCount} with the host, ` +
        `${last?.rssMb.toFixed(1)} MiB, ${last?.fds} files, ${Math.round(statSync(slot.logFile).size / 1_024)} KB of log, ` +
        `${feed.sessions - 1} connections lost, ${watch.unaccounted} unaccounted`,
    );
  }
}

function rounded({ rssMb, fds }: ProcessSize): ProcessSize {
  return { rssMb: Number(rssMb.toFixed(1)), fds };
}
