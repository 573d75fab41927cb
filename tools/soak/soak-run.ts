import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { finalCheck, untilRight } from './checks/final-check.js';
import { MatchDay } from './model/match-day.js';
import type { SoakOptions } from './options.js';
import { type Phases, phasesOf } from './phases.js';
import type { Stage } from './stage.js';
import { judge, type SoakVerdict } from './verdict.js';
import { isSteady, longestWarmUpS } from './warm-up.js';
import { HostWatch } from './watch.js';

const SAY_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 50;
const START_TIMEOUT_MS = 20_000;

/** The load, the outage in the middle of it, and the look at everything after. */
export class SoakRun {
  private readonly day: MatchDay;
  private isAway = false;
  private rssBeforeMb = Number.NaN;
  private rssAfterMb = Number.NaN;
  private firstCommitMs: number | null = null;
  private caughtUpMs: number | null = null;

  constructor(
    private readonly stage: Stage,
    private readonly options: SoakOptions,
    private readonly signal: AbortSignal,
    private readonly say: (text: string) => void,
  ) {
    this.day = new MatchDay(options.matches, () => Math.floor(Date.now() / 1000), new SeededRandom(options.seed));
  }

  async run(): Promise<SoakVerdict> {
    const { stage, day, options, signal } = this;
    await stage.database.insertMatches(day.all.map(({ matchId }) => matchId));
    const host = await stage.slot.start();
    await eventually(() => stage.feed.sessions > 0, { what: 'the host to take the feed', timeoutMs: START_TIMEOUT_MS });
    await stage.probe.begin();
    const watch = new HostWatch(host);
    watch.begin();
    const lines = setInterval(() => this.sayHow(watch), SAY_EVERY_MS);
    let phases = phasesOf(options.minutes, 0);
    const play = async () => {
      phases = phasesOf(options.minutes, await this.warmUp(watch));
      await this.until(phases.before.untilS, watch);
      this.rssBeforeMb = await watch.collectedMb();
      await this.outage(watch, phases);
      await this.until(phases.after.untilS, watch);
      this.rssAfterMb = await watch.collectedMb();
      await this.until(phases.endS, watch);
      stage.publisher.stop();
    };
    try {
      await Promise.all([stage.publisher.run(options.rate, (number) => this.message(number), signal), play()]);
      this.say('the load is over');
      await untilRight(stage, day.playing, stage.publisher.sent);
    } finally {
      clearInterval(lines);
      watch.end();
    }
    const { lost, findings } = await finalCheck(stage, day.all, host, stage.publisher.sent);
    for (const { kind, text } of findings.slice(0, 12)) this.say(`${kind}: ${text}`);
    return judge(options, phases, {
      sent: stage.publisher.sent,
      acknowledged: stage.deliveries.acknowledgedCount,
      redelivered: stage.deliveries.redeliveredCount,
      lost,
      keepaliveLost: Math.max(stage.feed.sessions - 1, watch.reconnects),
      unaccounted: watch.unaccounted,
      mostHeld: watch.mostHeld,
      firstCommitAfterReturnMs: this.firstCommitMs,
      caughtUpAfterReturnMs: this.caughtUpMs,
      rssBeforeMb: this.rssBeforeMb,
      rssAfterMb: this.rssAfterMb,
      samples: watch.samples,
      healthAnswersMs: watch.answersMs,
      commitsMs: stage.probe.tookMs,
      findings,
    });
  }

  private async message(number: number): Promise<string> {
    const { match, isNew } = this.day.next();
    if (isNew) await this.stage.database.insertMatches([match.matchId]);
    return match.next(number);
  }

  /** @returns how long it took, seconds */
  private async warmUp(watch: HostWatch): Promise<number> {
    const longestS = longestWarmUpS(this.options.minutes);
    while (watch.elapsedS < longestS && !isSteady(watch.samples, watch.elapsedS))
      await this.until(watch.elapsedS + 1, watch);
    if (longestS === 0) return 0;
    this.say(`warm after ${Math.round(watch.elapsedS)} s`);
    return watch.elapsedS;
  }

  private async outage(watch: HostWatch, { outage, after }: Phases): Promise<void> {
    const { stage } = this;
    await this.until(outage.fromS, watch);
    await stage.statements.refuse();
    this.isAway = true;
    this.say('the database is away');
    await this.until(outage.untilS, watch);
    // asked for before the port opens: no commit can be earlier
    const returnedAtMs = await stage.database.nowMs();
    const sentByThen = stage.publisher.sent;
    const returned = performance.now();
    await stage.statements.open();
    this.isAway = false;
    this.say('the database is back');
    while (stage.deliveries.acknowledgedCount < sentByThen && watch.elapsedS < after.fromS)
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.signal });
    if (stage.deliveries.acknowledgedCount >= sentByThen) this.caughtUpMs = Math.round(performance.now() - returned);
    const committedAtMs = await stage.database.firstCommitAfter(returnedAtMs);
    this.firstCommitMs = committedAtMs === null ? null : Math.round(committedAtMs - returnedAtMs);
    this.say(`first commit after ${this.firstCommitMs} ms, caught up after ${this.caughtUpMs} ms`);
  }

  private async until(atS: number, watch: HostWatch): Promise<void> {
    await sleep(Math.max(0, atS - watch.elapsedS) * 1000, undefined, { signal: this.signal });
  }

  private sayHow(watch: HostWatch): void {
    const { deliveries, publisher, feed } = this.stage;
    const last = watch.samples.at(-1);
    this.say(
      `${Math.round(watch.elapsedS)} s: ${publisher.sent} sent, ${publisher.sent - deliveries.acknowledgedCount} not ` +
        `acknowledged (${deliveries.openCount} with the host), ${last?.rssMb.toFixed(1)} MiB, ${last?.fds} files, ` +
        `${feed.sessions - 1} connections lost, ${watch.unaccounted} unaccounted${this.isAway ? ', database away' : ''}`,
    );
  }
}
