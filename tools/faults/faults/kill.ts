import type { Round } from '../round.js';
import type { Stage } from '../stage.js';
import type { Fault } from './fault.js';

const LONGEST_DOWN_MS = 800;
/** how often a new host does not live to serve, and how long it lives at most */
const DIES_YOUNG = 0.25;
const YOUNG_MS = 1_500;

/** how often the database is away before a kill, so that much is received and nothing written */
const DATABASE_AWAY = 0.3;
const LONGEST_AWAY_MS = 600;

/** kill -9 once or twice a round, wherever the host happens to be. */
export const kill: Fault = {
  name: 'kill-9',
  about:
    'the host is killed at a random message and started again up to 0.8 s later; some are killed again as they start, ' +
    'some while the database is away',
  weight: 3,
  loadS: () => 5,
  async strike(stage, round) {
    const kills = 1 + round.random.below(2);
    const parts = Array.from({ length: kills }, () => 0.1 + round.random.next() * 0.7).sort((a, b) => a - b);
    for (const part of parts) {
      const downMs = round.random.below(LONGEST_DOWN_MS);
      const youngMs = round.random.next() < DIES_YOUNG ? round.random.below(YOUNG_MS) : null;
      const awayMs = round.random.next() < DATABASE_AWAY ? round.random.below(LONGEST_AWAY_MS) : null;
      await round.reached(part);
      if (awayMs === null) await killAndLook(stage, round);
      else await killWithoutDatabase(stage, round, awayMs);
      await round.pass(downMs);
      if (youngMs !== null) await startAndKill(stage, round, youngMs);
      const started = stage.slot.start();
      round.over();
      await started;
    }
  },
};

async function killWithoutDatabase(stage: Stage, round: Round, awayMs: number): Promise<void> {
  await stage.statements.refuse();
  await round.pass(awayMs);
  await killAndLook(stage, round);
  await stage.statements.open();
}

async function startAndKill(stage: Stage, round: Round, afterMs: number): Promise<void> {
  const started = stage.slot.start().catch(() => undefined);
  await round.pass(afterMs);
  await killAndLook(stage, round);
  await started;
}

async function killAndLook(stage: Stage, round: Round): Promise<void> {
  round.trouble();
  await stage.slot.host.killNow();
  await round.checkAcknowledged('after kill -9');
}
