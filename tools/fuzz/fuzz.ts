import { Logger } from '@nestjs/common';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { ExpectedRows } from './expected-rows.js';
import { FuzzedCore } from './fuzzed-core.js';
import { PayloadSource } from './payload-source.js';

/** Payloads about the same matches; after them everything is looked at. */
const BATCH = 500;
const BATCHES_PER_DAY = 100;
const PAYLOADS_AT_A_TIME = 10;
const SETTLE_MS = 200;
const MOST_FAULTS = 10;
/** Growth of the heap from the first evening to the last that is no leak, MB. */
const HEAP_GROWTH_MB = 64;
const MB = 2 ** 20;

export interface FuzzResult {
  readonly seed: number;
  readonly payloads: number;
  readonly updates: number;
  readonly acknowledged: number;
  /** dead letters by reason */
  readonly letters: Readonly<Record<string, number>>;
  readonly received: number;
  readonly applied: number;
  readonly malformed: number;
  readonly unaccounted: number;
  readonly wrongRows: number;
  readonly heapGrowthMb: number;
  /** what went wrong, the first few */
  readonly faults: readonly string[];
}

/** One run: a core, its payloads, and everything found wrong with it. */
export class FuzzRun {
  private readonly random: SeededRandom;
  private readonly core: FuzzedCore;
  private readonly faults: string[] = [];
  private readonly heapMb: number[] = [];
  private taken = 0;
  private updates = 0;
  private wrongRows = 0;

  constructor(
    private readonly seed: number,
    private readonly payloads: number,
  ) {
    this.random = new SeededRandom(seed);
    this.core = new FuzzedCore(seed);
  }

  async run(): Promise<FuzzResult> {
    Logger.overrideLogger(false);
    await this.core.start();
    for (let batch = 0; this.taken < this.payloads && this.faults.length < MOST_FAULTS; batch++) {
      await this.takeBatch();
      if (batch % BATCHES_PER_DAY === BATCHES_PER_DAY - 1) await this.endDay();
    }
    const { received, applied, malformed, unaccounted } = this.core.balance();
    const heapGrowthMb = this.heapGrowthMb();
    if (heapGrowthMb > HEAP_GROWTH_MB) this.faults.push(`the heap grew by ${heapGrowthMb} MB`);
    await this.core.stop();
    const { seed, taken: payloads, updates, wrongRows } = this;
    const { acknowledged, letters } = this.core;
    const counts = {
      updates,
      acknowledged,
      letters: letters.counts,
      received,
      applied,
      malformed,
      unaccounted,
      wrongRows,
    };
    return { seed, payloads, ...counts, heapGrowthMb, faults: this.faults.slice(0, MOST_FAULTS) };
  }

  private async takeBatch(): Promise<void> {
    const { core } = this;
    const source = new PayloadSource(Math.floor(core.clock.nowMs() / 1000), this.random);
    const expected = new ExpectedRows(source.matchIds);
    for (const matchId of source.matchIds) core.database.insert(matchId);
    for (let n = 0; n < BATCH && this.taken < this.payloads; n++) {
      this.take(source.next(), expected);
      if (n % PAYLOADS_AT_A_TIME === 0) await core.pass(5);
    }
    await core.pass(SETTLE_MS);
    this.updates += expected.updates;
    this.look(expected);
    for (const matchId of source.matchIds) core.database.forget(matchId);
  }

  private take(payload: Buffer, expected: ExpectedRows): void {
    this.taken++;
    const faults = expected.hear(payload, this.core.clock.nowMs());
    this.faults.push(...faults.map((fault) => `${fault}: ${payload}`));
    try {
      this.core.take(payload);
    } catch (error) {
      this.faults.push(`${error}: ${payload}`);
    }
  }

  private look(expected: ExpectedRows): void {
    const { core, faults, taken } = this;
    const wrong = expected.wrong((matchId) => core.database.row(matchId));
    this.wrongRows += wrong.length;
    for (const row of wrong) faults.push(`wrong row after ${taken} payloads: ${row}`);
    const { unaccounted, inFlight } = core.balance();
    if (unaccounted + inFlight !== 0) faults.push(`books after ${taken}: ${unaccounted} lost, ${inFlight} in flight`);
    if (core.acknowledged !== taken) faults.push(`${core.acknowledged} of ${taken} payloads acknowledged`);
  }

  private async endDay(): Promise<void> {
    await this.core.passTheNight();
    global.gc?.();
    this.heapMb.push(Math.round(process.memoryUsage().heapUsed / MB));
  }

  /** The first day warms up. Without `--expose-gc` the least of three evenings stands for each end. */
  private heapGrowthMb(): number {
    const evenings = this.heapMb.slice(1);
    if (evenings.length < 6) return 0;
    return Math.max(0, Math.min(...evenings.slice(-3)) - Math.min(...evenings.slice(0, 3)));
  }
}
