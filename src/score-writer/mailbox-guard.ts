import { Injectable, Optional } from '@nestjs/common';
import { type Decision, decide, type GuardContext, type ScoreUpdate } from '../domain/decide.js';
import type { MatchState } from '../domain/match-state.js';
import { DUPLICATE, SUPERSEDED } from '../domain/outcomes.js';
import { Clock } from '../kernel/clock.js';
import { BrokerBackpressure, NO_BROKER } from '../mqtt-ingest/ports/broker-backpressure.js';
import { ProviderClock, UNMEASURED } from '../provider/ports/provider-clock.js';
import { BatchFlusher } from './batch-flusher.js';
import { DecisionLog } from './decision-log.js';
import { LookupRequests } from './lookup-requests.js';
import { type Accepted, awaitsCommit, fold, type Mailbox, type Waiting } from './mailbox.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

/** Judges updates against the pending state of their match. What is accepted waits in the mailbox for the next flush. */
@Injectable()
export class MailboxGuard {
  private readonly forget = (waiting: Waiting): void => this.log.conclude(waiting, SUPERSEDED);

  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    private readonly clock: Clock,
    private readonly flusher: BatchFlusher,
    private readonly log: DecisionLog,
    private readonly lookups: LookupRequests,
    @Optional() private readonly providerClock: ProviderClock = UNMEASURED,
    @Optional() private readonly backlog: BrokerBackpressure = NO_BROKER,
  ) {}

  /** @param waited something newer may have been written since the update came */
  judge(mailbox: Mailbox, waiting: Waiting, waited: boolean): void {
    const base = mailbox.base as MatchState;
    const nowMs = this.clock.nowMs();
    const decision = decide(base, waiting.update, this.context(nowMs, waited, base));
    this.log.judged(waiting.update, decision.outcome, base.version, nowMs);
    if (decision.outcome.kind === 'applied') {
      this.accept(mailbox, waiting, decision);
      return;
    }
    if (decision.outcome === DUPLICATE) freshen(mailbox, waiting.update, decision);
    else this.lookups.refused(waiting.update, decision.outcome, base, nowMs);
    waiting.fate = decision.outcome;
    // judged by what is not written yet: until it is, the sender keeps its copy
    if ((mailbox.pending || mailbox.inFlight) && awaitsCommit(waiting)) this.joinUnwritten(mailbox, [waiting]);
    else this.log.conclude(waiting, decision.outcome);
  }

  /** A change that was not written: its newest update against the row as it is, with everybody who waited for it. */
  judgeAgain(mailbox: Mailbox, { newest, joined }: Accepted, waited: boolean): void {
    this.judge(mailbox, newest, waited || newest.waited);
    this.joinUnwritten(mailbox, joined);
  }

  /** What they say is contained in what is known: who awaits the commit is told after it, the others at once. */
  joinUnwritten(mailbox: Mailbox, contained: readonly Waiting[]): void {
    const { pending, inFlight } = mailbox;
    const open = contained.filter(({ final }) => !final);
    const held = pending || inFlight ? open.filter(awaitsCommit) : [];
    for (const waiting of open) if (!held.includes(waiting)) this.log.conclude(waiting, waiting.fate);
    if (held.length === 0) return;
    if (pending) mailbox.pending = { ...pending, joined: [...pending.joined, ...held] };
    else if (inFlight) mailbox.inFlight = { ...inFlight, joined: [...inFlight.joined, ...held] };
  }

  /** What the guard takes into account beside the state. */
  context(nowMs: number, waited: boolean, { scoreSource }: MatchState): GuardContext {
    const { restLagMs } = this.options;
    const { skewMs: providerSkewMs } = this.providerClock;
    // only after an answer of the provider does it matter, and it is not for nothing to find out
    const feedBehind = scoreSource === 'api' && this.backlog.brokerWaits && !this.backlog.isOver;
    return { ...NO_CIRCUMSTANCES, nowMs, waited, restLagMs, feedBehind, providerSkewMs };
  }

  private accept(mailbox: Mailbox, waiting: Waiting, { next }: Decision): void {
    const accepted = { next, newest: waiting, joined: [], receivedAtMs: waiting.sinceMs, incidents: null };
    mailbox.pending = fold(mailbox.pending, accepted, this.forget);
    mailbox.reflected = waiting.update;
    this.flusher.add(mailbox);
  }
}

/** A duplicate proves the row fresh: noted in memory, written with the next change. */
function freshen(mailbox: Mailbox, update: ScoreUpdate, { next }: Decision): void {
  if (mailbox.pending) mailbox.pending = { ...mailbox.pending, next };
  else if (mailbox.inFlight) mailbox.freshened = next;
  else mailbox.state = next;
  mailbox.reflected = update;
}
