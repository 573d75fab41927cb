import { Logger } from '@nestjs/common';
import { RealTimeGuard } from './real-time-guard.js';
import { SimulationFault } from './referee.js';
import { Trace } from './trace.js';
import { World } from './world.js';

const STEPS_PER_WORLD = 20_000;

export interface SimulationResult {
  readonly steps: number;
  readonly worlds: number;
  readonly commits: number;
  readonly acknowledgements: number;
  readonly facts: number;
  /** virtual time, s */
  readonly seconds: number;
}

/** A fault, and how to see it again. */
export class SimulationFailure extends Error {
  constructor(
    readonly seed: number,
    readonly step: number,
    trace: string,
    cause: unknown,
  ) {
    super(
      `${describe(cause)}\n` +
        `at step ${step} of the world with seed ${seed}; the last events:\n${trace}\n` +
        `Again: npm run simulate -- --seed ${seed} --steps ${step}`,
      { cause },
    );
  }
}

/**
 * Runs the core for that many random steps, in worlds of 20,000 steps: the first has this seed, the next the number
 * after it. The same seed gives the same run.
 * @throws SimulationFailure
 */
export async function simulate(seed: number, steps: number): Promise<SimulationResult> {
  const guard = new RealTimeGuard();
  const result = { steps: 0, worlds: 0, commits: 0, acknowledgements: 0, facts: 0, seconds: 0 };
  Logger.overrideLogger(false);
  guard.watch();
  try {
    while (result.steps < steps) {
      const trace = new Trace();
      const world = new World(seed + result.worlds, guard, trace);
      const wanted = Math.min(STEPS_PER_WORLD, steps - result.steps);
      result.steps += await runWorld(world, wanted, trace);
      result.worlds++;
      result.commits += world.referee.commits;
      result.acknowledgements += world.referee.acknowledgements;
      result.facts += world.referee.facts;
      result.seconds += Math.round(world.time.nowMs / 1000);
    }
  } finally {
    guard.unwatch();
  }
  return result;
}

/** The stack helps only where the simulation did not expect what it met. */
function describe(cause: unknown): string {
  if (cause instanceof SimulationFault) return cause.message;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

async function runWorld(world: World, steps: number, trace: Trace): Promise<number> {
  let step = 0;
  try {
    while (step < steps) {
      step++;
      await world.step();
    }
    step += await world.settle();
    return step;
  } catch (error) {
    throw new SimulationFailure(
      world.seed,
      step,
      trace.about(error instanceof SimulationFault ? error.matchId : null),
      error,
    );
  } finally {
    world.end();
  }
}
