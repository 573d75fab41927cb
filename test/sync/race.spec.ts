import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type RaceResult, RaceWorld } from '../../tools/simulator/race/race-world.js';
import { cases } from '../support/long-form.js';

const SEED = Number(process.env.RACE_SEED ?? 20_221_218);
const STEPS = Number(process.env.RACE_STEPS ?? cases(4_000, 100_000));
const MATCHES = Number(process.env.RACE_MATCHES ?? 40);

describe('MQTT and REST race for the same rows', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  it(`for ${STEPS} steps no row goes back, and every match ends with the truth`, async () => {
    const results: RaceResult[] = [];
    let steps = 0;
    for (let seed = SEED; steps < STEPS; seed++) {
      const result = await new RaceWorld({ seed, matches: MATCHES, qos: seed % 2 === 0 ? 0 : 1 }).run();
      results.push(result);
      steps += result.steps;
    }
    expect(steps).toBeGreaterThanOrEqual(STEPS);
    if (process.env.RACE_REPORT)
      console.log(results.map(({ ends, commits, pulled, steps: n }) => ({ ends, n, commits: commits.length, pulled })));
  }, 600_000);
});
