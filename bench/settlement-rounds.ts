import type { SettlementDatabase } from './settlement-database.js';
import type { SettlementHost, SettlementTimes } from './settlement-host.js';
import { decidedBy, type SettledMatch } from './settlement-matches.js';
import type { SettlementPeer } from './settlement-peer.js';
import { median, percentile, rounded } from './statistics.js';
import { matchIdOf } from './workload.js';

const WARM_UP = 3;
const READS = 50;
const NOTICES = 10_000;
/** The first of the matches without predictions, and without goals in this run. */
const QUIET_MATCH = 2_000;

/** Rounds of what is compared, in turns, so that what slows one of them slows all. */
export class SettlementRounds {
  readonly invalid: string[] = [];

  constructor(
    private readonly database: SettlementDatabase,
    private readonly host: SettlementHost,
    private readonly peer: SettlementPeer,
    private readonly rounds: number,
  ) {}

  /** The change of the match, settled by us and by hand, from the same state of the tables. */
  async besidePeer(match: SettledMatch) {
    const [ours, peer]: [SettlementTimes[], number[]] = [[], []];
    for (let round = 0; round < this.rounds + WARM_UP; round++) {
      const byUs = async () => ours.push(await this.byUs(match));
      const byHand = async () => peer.push(await this.byHand(match));
      for (const turn of round % 2 === 0 ? [byUs, byHand] : [byHand, byUs]) await turn();
    }
    return { decided: decidedBy(match), ...compared(ours.slice(WARM_UP), peer.slice(WARM_UP)) };
  }

  /** What a commit costs that decides nothing, because the match has no predictions. */
  async looks() {
    const [reads, trips]: [number[], number[]] = [[], []];
    for (let n = 0; n < (this.rounds + WARM_UP) * READS; n++) {
      reads.push(await this.host.readMs(matchIdOf(QUIET_MATCH + n)));
      trips.push(await this.host.roundTripMs());
    }
    const [readMs, roundTripMs] = [reads, trips].map((times) => spread(times.slice(WARM_UP * READS)));
    return { readMs, roundTripMs, knownMs: rounded(await this.knownMs(), 5) };
  }

  private async byUs(match: SettledMatch): Promise<SettlementTimes> {
    await this.database.reset(match);
    await this.host.warm(match);
    const times = await this.host.settle(match, match.after);
    this.expect(match, times.settled);
    this.expect(match, await this.database.decidedOf(match));
    return times;
  }

  private async byHand(match: SettledMatch): Promise<number> {
    await this.database.reset(match);
    await this.peer.warm(match);
    const ms = await this.peer.settle(match);
    this.expect(match, await this.database.decidedOf(match));
    return ms;
  }

  /** The match was read since the last sweep: nothing is asked. */
  private async knownMs(): Promise<number> {
    const matchId = matchIdOf(QUIET_MATCH);
    this.host.publish(matchId);
    for (let n = 0; n < READS; n++) await this.host.readMs(matchId);
    const startedAt = performance.now();
    for (let n = 0; n < NOTICES; n++) this.host.publish(matchId);
    return (performance.now() - startedAt) / NOTICES;
  }

  private expect(match: SettledMatch, decided: number): void {
    const expected = decidedBy(match);
    if (decided !== expected) this.invalid.push(`${match.matchId}: ${decided} decided, not ${expected}`);
  }
}

function compared(ours: readonly SettlementTimes[], peerMs: readonly number[]) {
  const of = (key: keyof SettlementTimes) => ours.map((times) => times[key]);
  const ratioOf = (key: keyof SettlementTimes) => rounded(median(of(key).map((ms, n) => ms / peerMs[n]!)), 2);
  return {
    totalMs: spread(of('totalMs')),
    writeMs: spread(of('writeMs')),
    toldMs: spread(of('toldMs')),
    peerMs: spread(peerMs),
    totalRatio: ratioOf('totalMs'),
    writeRatio: ratioOf('writeMs'),
  };
}

function spread(values: readonly number[]) {
  const ascending = [...values].sort((a, b) => a - b);
  return { p50Ms: rounded(percentile(ascending, 0.5), 2), p99Ms: rounded(percentile(ascending, 0.99), 2) };
}
