import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { RaceManners } from '../../tools/simulator/race/race-provider.js';
import { type RaceResult, RaceWorld } from '../../tools/simulator/race/race-world.js';
import { cases } from '../support/long-form.js';

/** The same races every time; RACE_SEED and RACE_STEPS choose others. A step is a frame or an answer that arrives. */
const SEED = Number(process.env.RACE_SEED ?? 20_221_218);
const STEPS = Number(process.env.RACE_STEPS ?? cases(2_000, 100_000));
const MINUTE_MS = 60_000;
/** A provider at its best: it knows what is true, and says so within a second. */
const QUICK: RaceManners = { cacheMs: 0, listCacheMs: 0, slowestMs: 1_000, failureRate: 0 };
const REST_LAG_MS = 30_000;
/**
 * Everything live is asked for every 10 s. An answer without provider time has to wait until no cache can be older than the
 * change before it; one that takes a goal back waits three times as long after the last push.
 */
const RIGHT_WITHIN_MS = 10_000 + REST_LAG_MS + 5_000;
const FALLS_AFTER_MS = 3 * REST_LAG_MS + 15_000;
/** After the cut: the promise, and the turn in the budget. */
const BACK_RIGHT_WITHIN_MS = 5_000 + 1_000;
const MATCHES = cases(10, 120);
/** enough for goals in the ten minutes of the cut */
const CUT_MATCHES = cases(16, 120);

describe('MQTT and REST race for the same rows', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  it(`for ${STEPS} steps no row goes back, no goal is told twice, and every match ends with the truth`, async () => {
    const races: RaceResult[] = [];
    const sum = (count: (race: RaceResult) => number) => races.reduce((total, race) => total + count(race), 0);
    for (let seed = SEED; sum(({ steps }) => steps) < STEPS; seed++) {
      races.push(await new RaceWorld({ seed, matches: MATCHES, qos: seed % 2 === 0 ? 0 : 1 }).run());
    }
    expect(sum(({ pulled }) => pulled)).toBeGreaterThan(sum(({ commits }) => commits.length) / 20);
    for (const job of ['live', 'recent', 'diary'])
      expect(sum(({ ends }) => ends.get(`${job} complete`) ?? 0)).toBeGreaterThan(races.length);
  }, 600_000);

  it('the same seed gives the same race', async () => {
    const play = async () => (await new RaceWorld({ seed: 7, matches: 2, qos: 1 }).run()).commits;
    expect(await play()).toEqual(await play());
  }, 600_000);

  it('a feed that is cut for ten minutes: rows are right, goals of it are told once, as old news', async () => {
    const cut = { fromMs: 50 * MINUTE_MS, toMs: 60 * MINUTE_MS };
    const world = new RaceWorld({ seed: SEED, matches: CUT_MATCHES, qos: 0, manners: QUICK, outages: [cut] });
    const late: string[] = [];
    let isBackRight: boolean | null = null;
    world.watch = () => {
      const { nowMs } = world.time;
      if (nowMs < cut.fromMs + FALLS_AFTER_MS || nowMs > cut.toMs + 2 * MINUTE_MS) return;
      const wrong = [...world.referees].filter(([, referee]) => referee.wrongForMs(nowMs) > RIGHT_WITHIN_MS);
      late.push(...wrong.map(([id, referee]) => `${id} at ${nowMs}: wrong for ${referee.wrongForMs(nowMs)} ms`));
      if (isBackRight === null && nowMs > cut.toMs + BACK_RIGHT_WITHIN_MS)
        isBackRight = [...world.referees.values()].every((referee) => referee.wrongForMs(nowMs) < REST_LAG_MS);
    };
    const { referees } = await world.run();
    expect(late.slice(0, 3)).toEqual([]);
    expect(isBackRight).toBe(true);
    const told = [...referees.values()].flatMap((referee) => referee.told);
    const missed = told.filter(({ type, atMs }) => type === 'goal' && atMs > cut.fromMs + 1_000 && atMs < cut.toMs);
    expect(missed.length).toBeGreaterThan(5);
    expect(missed.filter(({ catchUp }) => !catchUp)).toEqual([]);
  }, 600_000);
});
