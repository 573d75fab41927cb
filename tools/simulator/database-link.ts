import type { SeededRandom } from '../../test/support/seeded-random.js';
import { databaseError } from './database-error.js';
import type { Trace } from './trace.js';
import type { Owner, VirtualTime } from './virtual-time.js';

const ALWAYS: Owner = { alive: true };
const TRANSIENT = ['40001', '40P01', '57014', '53300', '57P01'];

/** How the way to the database is just now, shared by all processes. */
export interface DatabaseWeather {
  /** usual time of one way, ms */
  latencyMs: number;
  /** of a statement, 0–1: something goes wrong with it */
  faultRate: number;
  /** nobody gets through: refused at once, or heard of no more */
  away: 'no' | 'refusing' | 'silent';
}

type Fate = 'fine' | 'slow' | 'refused' | 'answer-lost' | 'effect-late' | 'never-arrives';

const FAULTS: readonly Fate[] = ['slow', 'refused', 'answer-lost', 'answer-lost', 'effect-late', 'never-arrives'];
/** Of statements that rely on their order: none takes effect after it was given up. */
export const FAULTS_IN_ORDER = FAULTS.filter((fate) => fate !== 'effect-late');

/**
 * One process's way to the database. A statement is sent, takes effect, and is answered, at three moments; the process
 * may die between any two of them, and the way may break. What a dead process has sent may still take effect.
 */
export class DatabaseLink {
  constructor(
    private readonly time: VirtualTime,
    private readonly process: Owner,
    private readonly weather: DatabaseWeather,
    private readonly chance: SeededRandom,
    private readonly trace: Trace,
  ) {}

  request<T>(name: string, effect: () => T, faults: readonly Fate[] = FAULTS): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fate = this.drawFate(faults);
      const there = this.latency() * (fate === 'slow' ? 200 : 1);
      const back = this.latency() * (fate === 'slow' ? 100 : 1);
      this.trace.add(this.time.nowMs, 'statement', name, fate);
      const fail = (code: string, delayMs: number) =>
        this.time.after(delayMs, this.process, () => reject(databaseError(code)));
      const run = (then: (result: () => T) => void) => () => {
        const result = attempt(effect);
        this.trace.add(this.time.nowMs, 'effect of', name);
        then(result);
      };
      // what left the process before its death arrives, or does not
      const sender = this.chance.next() < 0.5 ? ALWAYS : this.process;
      switch (fate) {
        case 'fine':
        case 'slow':
          this.time.after(
            there,
            sender,
            run((result) => this.time.after(back, this.process, () => settle(result, resolve, reject))),
          );
          return;
        case 'refused':
          fail(this.weather.away === 'no' ? this.chance.pick(TRANSIENT) : 'ECONNREFUSED', there);
          return;
        case 'answer-lost':
          this.time.after(
            there,
            sender,
            run(() => fail('ECONNRESET', back)),
          );
          return;
        case 'effect-late':
          this.time.after(
            there + this.chance.next() * 300,
            ALWAYS,
            run(() => {}),
          );
          fail('ETIMEDOUT', there + back);
          return;
        case 'never-arrives':
          fail('ETIMEDOUT', 200 + this.chance.next() * 800);
          return;
      }
    });
  }

  private drawFate(faults: readonly Fate[]): Fate {
    if (this.weather.away === 'refusing') return 'refused';
    if (this.weather.away === 'silent') return 'never-arrives';
    if (this.chance.next() >= this.weather.faultRate) return 'fine';
    return this.chance.pick(faults);
  }

  private latency(): number {
    return this.weather.latencyMs * (0.2 + this.chance.next());
  }
}

function attempt<T>(effect: () => T): () => T {
  try {
    const value = effect();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function settle<T>(result: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): void {
  try {
    resolve(result());
  } catch (error) {
    reject(error);
  }
}
