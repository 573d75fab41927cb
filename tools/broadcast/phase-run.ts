import { setTimeout as sleep } from 'node:timers/promises';
import type { Findings } from './checks/findings.js';
import type { CrewCounts } from './clients/crew-questions.js';
import type { Phase, Strike } from './phase.js';
import type { World } from './world.js';

/** Longer than any machine needs: a client may have to find out by 22 s of silence that it is cut off, and comes back some seconds later. */
const CURRENT_TIMEOUT_MS = 45_000;
const QUIET_TIMEOUT_MS = 45_000;
const STUCK_MS = 3_000;
const LOOK_EVERY_MS = 20;
const QUIET_LOOKS = 5;
const GOVERN_EVERY_MS = 200;

/** How long clients needed to be current, or null when they did not come to it. */
export interface Measured {
  readonly what: string;
  readonly tookMs: number | null;
  readonly clients: number;
}

export interface PhaseResult {
  readonly phase: Phase;
  /** versions committed */
  readonly changes: number;
  readonly before: CrewCounts;
  readonly after: CrewCounts;
  readonly measured: readonly Measured[];
  /** from the end of the changes until every client shows every row */
  readonly settledMs: number | null;
  readonly tookS: number;
}

export interface PhaseTarget {
  /** committed versions until the phase may end */
  readonly committed: number;
  /** of the whole run */
  readonly total: number;
}

/** One phase: changes go on, something breaks in the middle of them, then all must be as the rows are. */
export class PhaseRun {
  private readonly measured: Measured[] = [];

  constructor(
    private readonly world: World,
    private readonly phase: Phase,
    private readonly isShort: boolean,
    private readonly findings: Findings,
    private readonly signal: AbortSignal,
  ) {}

  async run({ committed, total }: PhaseTarget): Promise<PhaseResult> {
    const { world, phase, signal } = this;
    const { watch, crew } = world;
    const start = performance.now();
    const began = watch.committed;
    const before = await crew.counts();
    let isStruck = false;
    const striking = phase.strike(this.strike()).finally(() => {
      isStruck = true;
    });
    // looked at below
    striking.catch(() => undefined);
    const isOver = () => isStruck && watch.committed >= committed;
    const governing = this.govern(isOver);
    await world.load.run(isOver, () => watch.committed / total, signal);
    await governing;
    await striking;
    await crew.disturb(null);
    await crew.resume();
    const settledMs = await this.settle();
    return {
      phase,
      changes: watch.committed - began,
      before,
      after: await crew.counts(),
      measured: this.measured,
      settledMs,
      tookS: Math.round((performance.now() - start) / 1000),
    };
  }

  /** No more changes than clients can read: what is measured is the host, not a machine without time. */
  private async govern(isOver: () => boolean): Promise<void> {
    const { crew, load } = this.world;
    let asking: Promise<void> | null = null;
    while (!isOver() && !this.signal.aborted) {
      // who does not even answer is late, too
      if (asking) load.pace.heard(Number.POSITIVE_INFINITY);
      asking ??= crew
        .lagMs()
        .then((lagMs) => load.pace.heard(lagMs))
        // the next question that matters says it
        .catch(() => undefined)
        .finally(() => {
          asking = null;
        });
      await sleep(GOVERN_EVERY_MS);
    }
    await asking;
  }

  private strike(): Strike {
    const { world, isShort, signal } = this;
    return {
      world,
      random: world.random,
      isShort,
      pass: async (ms) => {
        await sleep(ms, undefined, { signal });
      },
      committed: (more) => this.committed(more),
      current: (what, on) => this.current(what, on),
      broken: (text) => this.broken(text),
    };
  }

  private async committed(more: number): Promise<void> {
    const { watch } = this.world;
    const target = watch.committed + more;
    let [last, movedAt] = [watch.committed, performance.now()];
    while (watch.committed < target && performance.now() - movedAt < STUCK_MS) {
      this.signal.throwIfAborted();
      if (watch.committed > last) [last, movedAt] = [watch.committed, performance.now()];
      await sleep(LOOK_EVERY_MS);
    }
  }

  private async current(what: string, on?: readonly string[]): Promise<void> {
    const rows = await this.world.database.rows();
    const question = { rows, how: 'at-least' as const, timeoutMs: CURRENT_TIMEOUT_MS, ...(on && { on }) };
    const { tookMs, clients, behind, missing } = await this.world.crew.reach(question);
    this.measured.push({ what, tookMs: tookMs === null ? null : Math.round(tookMs), clients });
    if (tookMs === null)
      this.broken(
        `${what}: ${missing} of ${clients} clients not current in ${CURRENT_TIMEOUT_MS} ms: ${behind.join('; ')}`,
      );
  }

  /** Nothing changes any more: every client must show every row, and those who do not know better are told nothing. */
  private async settle(): Promise<number | null> {
    const { world } = this;
    const start = performance.now();
    let rows = await world.watch.quietRows();
    for (let look = 1; ; look++) {
      const reached = await world.crew.reach({ rows, how: 'exactly', timeoutMs: QUIET_TIMEOUT_MS });
      const now = await world.watch.quietRows();
      const isSame = JSON.stringify(now) === JSON.stringify(rows);
      if (isSame && reached.tookMs !== null) return Math.round(performance.now() - start);
      if (isSame || look >= QUIET_LOOKS) {
        this.unsettled(reached.behind, reached.missing, reached.unaware);
        return null;
      }
      rows = now;
    }
  }

  private unsettled(behind: readonly string[], missing: number, unaware: number): void {
    const text = `${this.phase.name}: ${missing} clients do not show the rows in ${QUIET_TIMEOUT_MS} ms: ${behind.join('; ')}`;
    console.error(text);
    // connected, everything answered, and nobody told them
    this.findings.note('undetected-gap', text, unaware);
    this.findings.note('wrong-end', text, Math.max(missing, 1) - unaware);
  }

  private broken(text: string): void {
    this.findings.note('broken', `${this.phase.name}: ${text}`);
  }
}
