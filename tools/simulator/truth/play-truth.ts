import { SeededRandom } from '../../../test/support/seeded-random.js';
import { RealTimeGuard } from '../real-time-guard.js';
import type { Build } from './build.js';
import { excuseOf } from './excuses.js';
import type { Line, Outage } from './faults/fault.js';
import { judge, type Verdict } from './judge.js';
import { type Cell, drawMatch, type TruthMatch } from './truth-match.js';
import type { ProviderKind } from './truth-provider.js';
import { TruthWorld } from './truth-world.js';

/** Matches in one world: few enough for the answer of the provider, which names all of them, to be short. */
const WORLD_MATCHES = 120;
const LINES: readonly Line[] = ['qos0', 'qos1', 'resumed', 'resumed in parts'];
const OUTAGES = { count: 18, everyMs: 25 * 60_000, leastMs: 3_000, mostMs: 90_000 };

export interface TruthRun {
  readonly seed: number;
  /** of every cell and kind of provider */
  readonly matches: number;
  readonly providers: readonly ProviderKind[];
  readonly cells: readonly Cell[];
}

/** One match with its verdict. */
export interface Result {
  readonly provider: ProviderKind;
  readonly history: string;
  readonly fault: string;
  readonly matchId: string;
  readonly verdict: Verdict;
  /** why its final row may be wrong; null when it may not, or is right */
  readonly excuse: string | null;
}

/** Plays every cell of the run on that build. The same run gives the same results. */
export async function playTruth(build: Build, run: TruthRun): Promise<readonly Result[]> {
  const guard = new RealTimeGuard();
  const results: Result[] = [];
  guard.watch();
  try {
    for (const provider of run.providers) {
      for (const line of LINES) {
        const outages = outagesOf(line, run.seed);
        for (const matches of worldsOf(run, line, outages)) {
          const world = new TruthWorld(build, { seed: run.seed, provider, line, outages, matches }, guard);
          for (const played of await world.run()) {
            const verdict = judge(played);
            const { history, fault } = played.match.cell;
            const isWrong = verdict.goalsWrong || verdict.statusWrong;
            const excuse = isWrong ? excuseOf(played, provider) : null;
            const matchId = played.match.id;
            results.push({ provider, history: history.name, fault: fault.name, matchId, verdict, excuse });
          }
        }
      }
    }
  } finally {
    guard.unwatch();
  }
  return results;
}

function* worldsOf({ cells, matches, seed }: TruthRun, line: Line, outages: readonly Outage[]) {
  let world: TruthMatch[] = [];
  for (const cell of cells) {
    if (cell.fault.line !== line) continue;
    for (let n = 0; n < matches; n++) {
      const own = seedOf(`${seed} ${cell.history.name} ${cell.fault.name} ${n}`);
      world.push(drawMatch(`match${own.toString(36)}x${n}`, cell, own, outages));
      if (world.length < WORLD_MATCHES) continue;
      yield world;
      world = [];
    }
  }
  if (world.length > 0) yield world;
}

/** Of a match: the same whatever else is played. */
function seedOf(text: string): number {
  let hash = 2_166_136_261;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) as number), 16_777_619) >>> 0;
  return hash;
}

function outagesOf(line: Line, seed: number): readonly Outage[] {
  if (line === 'qos0' || line === 'qos1') return [];
  const chance = new SeededRandom(seed);
  return Array.from({ length: OUTAGES.count }, (_, n) => {
    const fromMs = Math.floor((n + chance.next() * 0.9) * OUTAGES.everyMs) + 60_000;
    return { fromMs, toMs: fromMs + Math.floor(OUTAGES.leastMs + chance.next() * OUTAGES.mostMs) };
  });
}
