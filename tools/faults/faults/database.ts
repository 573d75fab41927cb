import type { CutMoment } from '../parts/postgres-proxy.js';
import type { Fault } from './fault.js';

const BEFORE_AND_AFTER_S = 3;

/** The database refuses connections and breaks those that are there. */
function refused(lengthS: number, scaledS: number): Fault {
  const length = (isFull: boolean) => (isFull ? lengthS : scaledS);
  return {
    name: `database-refused-${lengthS}s`,
    about: `the database is away for ${lengthS} s${lengthS === scaledS ? '' : ` (${scaledS} s in the other rounds)`}`,
    loadS: (isFull) => length(isFull) + BEFORE_AND_AFTER_S,
    async strike(stage, round) {
      await round.reached(1 / (length(round.isFull) + BEFORE_AND_AFTER_S));
      await stage.statements.refuse();
      await round.pass(length(round.isFull) * 1_000);
      await stage.statements.open();
      round.over();
    },
  };
}

export const databaseRefused: readonly Fault[] = [refused(1, 1), refused(10, 2), refused(60, 4)];

export const databaseSlow: Fault = {
  name: 'database-slow',
  about: 'every statement takes 2 s longer (0.4 s in the other rounds)',
  loadS: (isFull) => (isFull ? 14 : 5),
  async strike(stage, round) {
    await round.reached(0.1);
    stage.statements.delayMs = round.isFull ? 2_000 : 400;
    await round.pass(round.isFull ? 10_000 : 2_500);
    stage.statements.delayMs = 0;
    round.over();
  },
};

const MOMENTS: readonly CutMoment[] = ['before-arrival', 'before-answer'];

/** Connections break while a write is on its way, or its answer is; and all at once. */
export const connectionsCut: Fault = {
  name: 'connections-cut',
  about:
    'database connections break in the middle of a write, before or after it took effect, and both sides all at once',
  loadS: () => 5,
  async strike(stage, round) {
    for (let part = 0.1; part < 0.75; part += 0.05 + round.random.next() * 0.1) {
      await round.reached(part);
      if (round.random.next() < 0.75) stage.statements.cutNextWrite(round.random.pick(MOMENTS));
      else {
        stage.statements.cut();
        stage.feed.cut();
      }
    }
    round.over();
  },
};
