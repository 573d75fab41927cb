import type { SettlementDatabase } from './settlement-database.js';
import type { SettlementGoals } from './settlement-goals.js';
import type { SettlementHost } from './settlement-host.js';
import { decidedBy, SETTLED_MATCHES, type SettledMatch } from './settlement-matches.js';
import type { SettlementPeer } from './settlement-peer.js';
import { median, percentile, rounded } from './statistics.js';

const { goal, goalForAll } = SETTLED_MATCHES;
/** A connection that reads and writes nothing, and needs one processor. */
const COMPUTING = 'SELECT sum(i) FROM generate_series(1, 300000) AS i';

type Turn = (count: number) => Promise<unknown>;

interface Beside {
  readonly match: SettledMatch;
  readonly turn: Turn;
  /** least time between two turns; 0: one follows the other */
  readonly everyMs: number;
}

interface Measured {
  readonly medians: number[];
  readonly latencies: number[];
  turns: number;
}

/** Windows of goals in other matches: while nothing is settled, and while something is done beside them. */
export class SettlementWindows {
  readonly invalid: string[] = [];
  private readonly besides: Readonly<Record<string, Beside | null>> = {
    calm: null,
    ours2000: { match: goal, turn: this.byUs(goal), everyMs: 0 },
    ours10000: { match: goalForAll, turn: this.byUs(goalForAll), everyMs: 0 },
    byHand2000: { match: goal, turn: this.byHand(goal), everyMs: 0 },
    byHand10000: { match: goalForAll, turn: this.byHand(goalForAll), everyMs: 0 },
    computing: { match: goal, turn: () => this.database.sql.query(COMPUTING), everyMs: 0 },
    ours2000EachSecond: { match: goal, turn: this.byUs(goal), everyMs: 1_000 },
    ours10000EachSecond: { match: goalForAll, turn: this.byUs(goalForAll), everyMs: 1_000 },
  };
  private readonly measured = new Map<string, Measured>();

  constructor(
    private readonly database: SettlementDatabase,
    private readonly host: SettlementHost,
    private readonly peer: SettlementPeer,
    private readonly goals: SettlementGoals,
  ) {}

  /** Every kind once in each round, in an order that rotates. */
  async run(rounds: number, windowMs: number) {
    const names = Object.keys(this.besides);
    await this.goals.warmUp();
    for (let round = 0; round < rounds; round++) {
      for (let n = 0; n < names.length; n++) await this.window(names[(n + round) % names.length]!, windowMs);
    }
    return Object.fromEntries(names.map((name) => [name, this.report(name)]));
  }

  private async window(name: string, windowMs: number): Promise<void> {
    const beside = this.besides[name] ?? null;
    if (beside) {
      await this.database.reset(beside.match);
      await this.host.warm(beside.match);
      await this.peer.warm(beside.match);
    }
    let isOver = false;
    const repeating = beside ? repeat(beside, () => isOver) : Promise.resolve(0);
    const latencies = await this.goals.during(windowMs).finally(() => {
      isOver = true;
    });
    const measured = this.measured.get(name) ?? { medians: [], latencies: [], turns: 0 };
    this.measured.set(name, measured);
    measured.medians.push(median(latencies)!);
    measured.latencies.push(...latencies);
    measured.turns += await repeating;
  }

  private report(name: string) {
    const [{ medians, latencies, turns }, calm] = [this.measured.get(name)!, this.measured.get('calm')!];
    const ascending = latencies.sort((a, b) => a - b);
    return {
      p50Ms: rounded(percentile(ascending, 0.5), 2),
      p99Ms: rounded(percentile(ascending, 0.99), 2),
      ratio: rounded(median(medians.map((ms, n) => ms / calm.medians[n]!)), 2),
      turns,
    };
  }

  /** The goal, the goal taken back, and the goal: each decides the same predictions anew. */
  private byUs(match: SettledMatch): Turn {
    return async (count) => {
      const { settled } = await this.host.settle(match, count % 2 === 0 ? match.after : match.before);
      if (settled !== decidedBy(match)) this.invalid.push(`${match.matchId}: ${settled} settled in turn ${count}`);
    };
  }

  private byHand(match: SettledMatch): Turn {
    return (count) => (count % 2 === 0 ? this.peer.settle(match) : this.peer.takeBack(match));
  }
}

/** @returns how many turns there were */
async function repeat({ turn, everyMs }: Beside, isOver: () => boolean): Promise<number> {
  let count = 0;
  while (!isOver()) {
    const nextAtMs = performance.now() + everyMs;
    await turn(count++);
    while (!isOver() && performance.now() < nextAtMs) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return count;
}
