import { setTimeout as sleep } from 'node:timers/promises';
import { PREDICTED } from '../../src/replay/verify/predictions.js';
import type { SeededRandom } from '../../test/support/seeded-random.js';
import { untoldGoals } from './checks/announcements.js';
import { unbalancedBooks } from './checks/books.js';
import { Effects, lossOf } from './checks/effects.js';
import type { Finding } from './checks/finding.js';
import { journalFindings } from './checks/journal.js';
import { wrongRows } from './checks/rows.js';
import { Settlement, type SettlementCounts } from './checks/settlement.js';
import type { FaultSetting } from './faults/fault-setting.js';
import { Ledger } from './model/ledger.js';
import { type LoadPlan, type LoadShape, planLoad } from './model/load-plan.js';
import type { Message } from './model/message.js';
import type { PublishedLoad } from './parts/publisher.js';
import { measureRecovery, type Recovery } from './recovery.js';
import type { Stage } from './stage.js';

const LEAST_MATCHES = 24;
/** the corners that count the frames are believed up to 60 */
const MOST_FRAMES = 55;
const PER_SECOND = 150;
const SHAPE: LoadShape = {
  matches: LEAST_MATCHES,
  framesPerMatch: 0,
  unknownMatches: 2,
  repeats: 0.06,
  late: 0.04,
};
const SETTLE_TIMEOUT_MS = 40_000;
const ACKNOWLEDGE_TIMEOUT_MS = 15_000;
const TELL_TIMEOUT_MS = 5_000;
/** the sweep finds what no commit told within 2 s; after a minute without a database there are thousands */
const RESULTS_TIMEOUT_MS = 60_000;
/** the same while there are fewer every time: a loaded machine settles ten a second */
const LONGEST_RESULTS_MS = 300_000;
const LOOK_EVERY_MS = 100;

export interface RoundResult {
  readonly sent: number;
  readonly acknowledged: number;
  /** messages whose effect, or something newer of their match, is in the database in the end */
  readonly committed: number;
  readonly redelivered: number;
  readonly recoveries: readonly Recovery[];
  readonly settlement: SettlementCounts;
  readonly findings: readonly Finding[];
}

/** One round of one fault: a load of new matches, the fault in the middle of it, and the look at everything after. */
export class Round {
  readonly plan: LoadPlan;
  private readonly findings: Finding[] = [];
  /** each is told once, however often it is looked for */
  private readonly lost = new Set<Message>();
  private readonly recoveries: Promise<Recovery | null>[] = [];
  private interrupted: AbortController | null = null;
  private published: PublishedLoad | null = null;
  readonly matchIds: readonly string[];

  constructor(
    private readonly stage: Stage,
    private readonly fault: FaultSetting,
    readonly nth: number,
    /** the outage has its full length */
    readonly isFull: boolean,
    readonly random: SeededRandom,
    private readonly signal: AbortSignal,
  ) {
    const perSecond = fault.perSecond ?? PER_SECOND;
    const frames = fault.loadS(isFull) * perSecond;
    const matches = Math.max(LEAST_MATCHES, Math.ceil(frames / MOST_FRAMES));
    const framesPerMatch = Math.max(12, Math.round(frames / matches));
    const label = `${fault.name.replaceAll('-', '').slice(0, 12)}r${nth}`;
    this.plan = planLoad(
      label,
      { ...SHAPE, matches, framesPerMatch, ...fault.shape },
      Math.floor(Date.now() / 1000),
      random,
    );
    this.matchIds = this.plan.histories.map(({ matchId }) => matchId);
  }

  /** @param strike does the fault while the load runs */
  async run(strike: () => Promise<void>): Promise<RoundResult> {
    const { stage, plan, fault, signal } = this;
    stage.ledger = new Ledger();
    for (const history of plan.histories) stage.truth.add(history);
    await stage.database.insertPredictions(this.matchIds, Object.keys(PREDICTED));
    await stage.database.insertMatches(this.matchIds.filter((matchId) => !plan.rowAppearsAfter.has(matchId)));
    this.published = stage.publisher.start(
      plan,
      fault.perSecond ?? PER_SECOND,
      (message) => this.before(message),
      signal,
    );
    await Promise.all([this.published.done, strike()]);
    await this.settle();
    return this.result();
  }

  /** Resolves when this part of the messages, 0–1, has been sent. */
  async reached(part: number): Promise<void> {
    await this.published?.reached(Math.floor(part * this.plan.messages.length));
    this.signal.throwIfAborted();
  }

  /** Time passes, in the middle of a fault. */
  async pass(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.signal });
  }

  /** Trouble begins anew: a recovery that is not complete says nothing. */
  trouble(): void {
    this.interrupted?.abort();
  }

  /** The trouble is over: from here on the recovery is timed. */
  over(): void {
    const interrupted = new AbortController();
    this.interrupted = interrupted;
    const recovery = measureRecovery(this.stage, this.matchIds, SETTLE_TIMEOUT_MS, interrupted.signal);
    // looked at when the round is over, if it comes to that
    recovery.catch(() => undefined);
    this.recoveries.push(recovery);
  }

  /** A promise of the host that has no number of its own. */
  broken(text: string): void {
    this.findings.push({ kind: 'broken', text });
  }

  /** Is what was acknowledged so far in the database at this moment? */
  async checkAcknowledged(when: string): Promise<void> {
    const acknowledged = [...this.stage.ledger.acknowledgedMessages].filter((message) => !this.lost.has(message));
    const effects = await Effects.read(this.stage.database, this.matchIds);
    const lost = acknowledged.filter((message) => !effects.contain(message));
    for (const message of lost) {
      this.lost.add(message);
      this.findings.push(lossOf(message, effects, when));
    }
  }

  private async before(message: Message): Promise<void> {
    const { stage, plan } = this;
    for (const [matchId, index] of plan.rowAppearsAfter) {
      if (index === message.number) await stage.database.insertMatches([matchId]);
    }
    stage.ledger.sent(message);
    stage.truth.happened(message);
  }

  /** Waits until everything is quiet and right; what is not by then is found by the checks. */
  private async settle(): Promise<void> {
    const { stage, plan } = this;
    await asLongAs(SETTLE_TIMEOUT_MS, async () => (await wrongRows(stage.database, plan.histories)).length === 0);
    await asLongAs(ACKNOWLEDGE_TIMEOUT_MS, () => stage.ledger.unacknowledged === 0);
    await asLongAs(TELL_TIMEOUT_MS, async () => untoldGoals(stage.screens, await this.journal()).length === 0);
    await this.untilSettled();
  }

  private async untilSettled(): Promise<void> {
    let [open, before] = [await this.unsettled(), Number.POSITIVE_INFINITY];
    const deadline = performance.now() + LONGEST_RESULTS_MS;
    while (open > 0 && open < before && performance.now() < deadline) {
      before = open;
      await asLongAs(RESULTS_TIMEOUT_MS, async () => {
        open = await this.unsettled();
        return open === 0;
      });
    }
  }

  private async unsettled(): Promise<number> {
    return (await this.settlement()).findings(this.stage.truth, []).length;
  }

  private async result(): Promise<RoundResult> {
    const { stage, plan } = this;
    const { ledger } = stage;
    await this.checkAcknowledged('in the end');
    const journal = await this.journal();
    const effects = await Effects.read(stage.database, this.matchIds);
    const seen = this.seenPredictions();
    const settlement = await this.settlement();
    this.findings.push(
      ...settlement.findings(stage.truth, seen),
      ...(await wrongRows(stage.database, plan.histories)),
      ...journalFindings(journal, stage.truth),
      ...untoldGoals(stage.screens, journal).map(
        (entry): Finding => ({ kind: 'broken', text: `no client was told of a goal: ${JSON.stringify(entry)}` }),
      ),
    );
    for (const host of stage.hosts) this.findings.push(...(await unbalancedBooks(host)));
    if (ledger.unacknowledged > 0) this.broken(`${ledger.unacknowledged} delivered messages were never acknowledged`);
    for (const id of ledger.strays) this.broken(`packet ${id} was acknowledged on a connection that did not bring it`);
    return {
      sent: ledger.sentCount,
      acknowledged: ledger.acknowledgedMessages.size,
      committed: ledger.messages.filter((message) => effects.contain(message)).length,
      redelivered: ledger.redeliveries,
      recoveries: (await Promise.all(this.recoveries)).filter((recovery) => recovery !== null),
      settlement: settlement.counts(seen),
      findings: this.findings,
    };
  }

  private settlement() {
    return Settlement.read(this.stage.database, this.matchIds);
  }

  private seenPredictions() {
    const ids = new Set(this.matchIds);
    return this.stage.screens.flatMap(({ predictions }) => predictions.filter(({ matchId }) => ids.has(matchId)));
  }

  private journal() {
    return this.stage.database.journal(this.matchIds);
  }
}

/** Waits for the condition, but not longer than this. */
async function asLongAs(timeoutMs: number, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition()) && performance.now() < deadline) await sleep(LOOK_EVERY_MS);
}
