import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { RaceManners } from '../../tools/simulator/race/race-provider.js';
import { type RaceResult, RaceWorld } from '../../tools/simulator/race/race-world.js';
import { cases } from '../support/long-form.js';

const SEED = Number(process.env.RACE_SEED ?? 20_221_218);
const STEPS = Number(process.env.RACE_STEPS ?? cases(4_000, 100_000));
const MINUTE_MS = 60_000;
/** A provider at its best: it knows what is true, and says so within a second. */
const QUICK: RaceManners = { cacheMs: 0, listCacheMs: 0, slowestMs: 1_000, failureRate: 0 };
/** What is live is asked for every 10 s; 5 s and the answer are the promise. */
const RIGHT_WITHIN_MS = 10_000 + 5_000 + 1_000;
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
  it('a feed that is cut for ten minutes: rows are right, goals of it are told once, as old news', async () => {
    const cut = { fromMs: 50 * MINUTE_MS, toMs: 60 * MINUTE_MS };
    const world = new RaceWorld({ seed: SEED, matches: MATCHES, qos: 0, manners: QUICK, outages: [cut] });
    const wrongSinceMs = new Map<string, number>();
    const late: string[] = [];
    world.watch = () => {
      const { nowMs } = world.time;
      if (nowMs < cut.fromMs || nowMs > cut.toMs + 2 * MINUTE_MS) return;
      for (const [id, referee] of world.referees) {
        if (referee.isTrueAt(nowMs)) wrongSinceMs.delete(id);
        else if (!wrongSinceMs.has(id)) wrongSinceMs.set(id, nowMs);
        const sinceMs = wrongSinceMs.get(id) ?? nowMs;
        if (nowMs - sinceMs > RIGHT_WITHIN_MS) late.push(`${id} at ${nowMs}: wrong since ${sinceMs}`);
      }
    };
    const { referees } = await world.run();
    expect(late.slice(0, 3)).toEqual([]);
    const told = [...referees.values()].flatMap((referee) => referee.told);
    const missed = told.filter(({ type, atMs }) => type === 'goal' && atMs > cut.fromMs + 1_000 && atMs < cut.toMs);
    expect(missed.length).toBeGreaterThan(5);
    expect(missed.filter(({ catchUp }) => !catchUp)).toEqual([]);
  }, 120_000);
});
