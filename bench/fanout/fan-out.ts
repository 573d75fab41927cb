import { middle, ratio, rotated } from './rounds.js';
import type { Broadcasts } from './servers/run-server.js';
import { type Measured, Pair, type SubjectName } from './subjects.js';

/** How frames are sent: turn after turn without a pause, which warms all up, one in a turn of the event loop, five in one. */
const WAYS = ['flood', 'one', 'five'] as const;
type Way = (typeof WAYS)[number];

/** Who takes a turn: a server with the frame that it sends. By hand and Socket.IO send each the frame of whom they are compared with. */
const TURNS = [
  { key: 'loop', name: 'loop', frameOf: 'v2' },
  { key: 'legacy', name: 'legacy', frameOf: 'legacy' },
  { key: 'loopOfLegacy', name: 'loop', frameOf: 'legacy' },
  { key: 'v2', name: 'v2', frameOf: 'v2' },
  { key: 'socketio', name: 'socketio', frameOf: 'v2' },
] as const;
type Key = (typeof TURNS)[number]['key'];

/** Before anything is measured each server makes so many broadcasts: what its first ones cost is its compiler's work. */
const WARM_TURNS = 2_000;
const WARM_CLIENTS = 100;
/** Least work for a figure, and pauses so that neither server nor clients use more than about half of a core. */
const ONE_DELIVERIES = 50_000;
const FIVE_DELIVERIES = 50_000;
const FLOOD_DELIVERIES = 20_000;
const PACE_US = { one: 30, five: 14 } as const;

type Figures = Record<Way, Measured[]>;

/** Fan-out to a growing number of clients: all servers in turn, in an order that rotates. */
export class FanOut {
  readonly invalid: string[] = [];
  private readonly bySize = new Map<number, Map<Key, Figures>>();

  constructor(
    private readonly pairs: ReadonlyMap<SubjectName, Pair>,
    private readonly rounds: number,
    private readonly progress: (text: string) => void,
  ) {}

  async run(sizes: readonly number[]): Promise<void> {
    for (const pair of this.pairs.values()) await pair.grow(1, 1);
    const frames = new Map<string, string>();
    for (const name of ['legacy', 'v2'] as const) {
      const pair = this.pairs.get(name);
      if (pair) frames.set(name, await pair.sample());
    }
    await this.warm(sizes[0] ?? 1, frames);
    for (const size of sizes) await this.step(size, frames);
  }

  report() {
    return Object.fromEntries([...this.bySize].map(([size, keys]) => [size, this.sizeReport(keys)]));
  }

  /** Of one way and one figure: `ours ÷ base` at this number of clients. */
  ratioOf(size: number, way: Way, of: Key, base: Key, figure: 'cpuUsPerDelivery' | 'p99Ms'): number | null {
    const [values, bases] = [of, base].map((key) => this.bySize.get(size)?.get(key)?.[way] ?? []);
    const pick = (measured: readonly Measured[] = []) => measured.map((one) => one[figure]);
    return ratio(pick(values), pick(bases));
  }

  private async warm(size: number, frames: ReadonlyMap<string, string>): Promise<void> {
    this.progress('warming up');
    for (const [name, pair] of this.pairs) {
      await pair.grow(Math.min(size, WARM_CLIENTS));
      await pair.server.call('useFrame', { text: frames.get(name) ?? frames.get('v2') ?? '' });
      await pair.measure({ turns: WARM_TURNS, framesPerTurn: 1, everyMs: 0 });
    }
  }

  private async step(size: number, frames: ReadonlyMap<string, string>): Promise<void> {
    for (const pair of this.pairs.values()) await pair.grow(size);
    const keys = new Map<Key, Figures>();
    this.bySize.set(size, keys);
    const present = TURNS.filter(({ name, frameOf }) => this.pairs.has(name) && frames.has(frameOf));
    for (let round = 0; round < this.rounds; round++) {
      this.progress(`${size} clients: round ${round + 1} of ${this.rounds}`);
      for (const { key, name, frameOf } of rotated(present, round)) {
        const pair = this.pairs.get(name)!;
        await pair.server.call('useFrame', { text: frames.get(frameOf)! });
        for (const way of WAYS) {
          const measured = await pair.measure(planOf(way, size));
          if (measured.missing > 0) this.invalid.push(`${key}, ${size} clients: ${measured.missing} frames never came`);
          const figures = keys.get(key) ?? { one: [], five: [], flood: [] };
          keys.set(key, figures);
          figures[way].push(measured);
        }
      }
    }
    for (const [name, pair] of this.pairs) {
      for (const reason of await pair.lost()) this.invalid.push(`${name}: a client was lost: ${reason}`);
    }
  }

  private sizeReport(keys: ReadonlyMap<Key, Figures>) {
    const rate = ({ deliveries, spanMs }: Measured) => (deliveries / spanMs) * 1_000;
    return Object.fromEntries(
      [...keys].map(([key, { one, five, flood }]) => [
        key,
        {
          deliveriesPerS: middle(flood.map(rate), 0),
          ...paced(one),
          five: paced(five),
        },
      ]),
    );
  }
}

function paced(measured: readonly Measured[]) {
  return {
    p50Ms: middle(measured.map(({ p50Ms }) => p50Ms)),
    p99Ms: middle(measured.map(({ p99Ms }) => p99Ms)),
    cpuUsPerDelivery: middle(measured.map(({ cpuUsPerDelivery }) => cpuUsPerDelivery)),
  };
}

function planOf(way: Way, clients: number): Broadcasts {
  const turnsFor = (deliveries: number, framesPerTurn: number) =>
    Math.max(3, Math.round(deliveries / (clients * framesPerTurn)));
  if (way === 'flood') return { turns: turnsFor(FLOOD_DELIVERIES, 1), framesPerTurn: 1, everyMs: 0 };
  const framesPerTurn = way === 'five' ? 5 : 1;
  const turns = turnsFor(way === 'five' ? FIVE_DELIVERIES : ONE_DELIVERIES, framesPerTurn);
  return { turns, framesPerTurn, everyMs: (clients * framesPerTurn * PACE_US[way]) / 1_000 };
}
