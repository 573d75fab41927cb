import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryTournamentFile } from '../../../test/support/arbitrary-tournament.js';
import { freshMatch } from '../../../test/support/history.js';
import { batchesOf, framesOf, idOf, KICKOFFS, NOW_MS, plansOf } from '../../../test/support/replayed-frames.js';
import { decide, NO_CIRCUMSTANCES } from '../../domain/decide.js';
import { Random } from '../../kernel/seeded-random.js';
import { expectedRow } from '../verify/expected-row.js';
import { withChaos } from './chaos.js';
import type { MatchPlan } from './match-plan.js';

const WORLD_CUP: unknown = JSON.parse(readFileSync('examples/data/worldcup-2022.json', 'utf8'));

const chaotic = (plans: readonly MatchPlan[], seed: number) =>
  [...withChaos(batchesOf(plans, seed), Random.of(seed, 'chaos'))].flatMap(({ frames }) => frames);

describe('a replay of several matches', () => {
  it('keeps the order inside each match and sends every frame once', () => {
    fc.assert(
      fc.property(arbitraryTournamentFile(), fc.integer(), (file, seed) => {
        const plans = plansOf(file, seed);
        const sent = [...batchesOf(plans, seed)].flatMap(({ frames }) => frames);
        for (const plan of plans) {
          const [ours, expected] = [sent.filter(({ matchId }) => matchId === idOf(plan)), framesOf(plan)];
          // a hundred tournaments: the slow comparison is for the one that explains
          if (!isDeepStrictEqual(ours, expected)) expect(ours).toEqual(expected);
        }
      }),
    );
  });

  it('puts several matches into one message now and then', () => {
    const batches = [...batchesOf(plansOf(WORLD_CUP, 1), 1)];
    expect(
      batches.filter(({ frames }) => new Set(frames.map(({ matchId }) => matchId)).size > 1).length,
    ).toBeGreaterThan(50);
  });
});

describe('chaos', () => {
  it('adds copies of newest frames and of frames of earlier periods, and nothing else', () => {
    fc.assert(
      fc.property(arbitraryTournamentFile(), fc.integer(), (file, seed) => {
        const plans = plansOf(file, seed);
        const next = new Map(plans.map((plan) => [idOf(plan), [...framesOf(plan)]]));
        const newest = new Map<string, ReturnType<typeof framesOf>[number]>();
        for (const frame of chaotic(plans, seed)) {
          const waiting = next.get(frame.matchId) ?? [];
          const before = newest.get(frame.matchId);
          const isNext = JSON.stringify(frame) === JSON.stringify(waiting[0]);
          const isCopy = JSON.stringify(frame) === JSON.stringify(before) || frame.phase < (before?.phase ?? 0);
          if (isNext) newest.set(frame.matchId, waiting.shift() ?? frame);
          else if (!isCopy) expect(frame).toEqual(before);
        }
        expect([...next.values()].flat()).toEqual([]);
      }),
    );
  });

  it('really adds both, also after the end of a match', () => {
    const plans = plansOf(WORLD_CUP, 2);
    const frames = chaotic(plans, 2);
    const clean = plans.flatMap(framesOf);
    expect(frames.length).toBeGreaterThan(clean.length * 1.2);
    const last = frames.at(-1);
    expect(
      last && framesOf(plans.find((plan) => idOf(plan) === last.matchId) as MatchPlan).at(-1)?.phase,
    ).toBeGreaterThan(last?.phase ?? 99);
  });

  it('does not move the guard: the final state is the one of the tournament', () => {
    fc.assert(
      fc.property(arbitraryTournamentFile(), fc.integer(), (file, seed) => {
        const plans = plansOf(file, seed);
        const states = new Map(plans.map((plan) => [idOf(plan), freshMatch({ matchId: idOf(plan) })]));
        for (const { matchId, score } of chaotic(plans, seed)) {
          const state = states.get(matchId);
          if (!score || !state) continue;
          const { kickoffS, ...slots } = score;
          const report = { ...slots, periodKickoffS: kickoffS === 0 ? null : kickoffS };
          const update = {
            matchId,
            source: 'mqtt',
            delivery: 'push',
            receivedAtMs: NOW_MS,
            requestedAtMs: null,
          } as const;
          const context = { ...NO_CIRCUMSTANCES, nowMs: NOW_MS, restLagMs: 30_000 };
          states.set(matchId, decide(state, { ...update, providerTimeS: null, score: report }, context).next);
        }
        for (const plan of plans) {
          const row = expectedRow(plan, KICKOFFS);
          expect(states.get(idOf(plan))).toMatchObject({
            status: row.status_id,
            home: row.home_scores,
            away: row.away_scores,
            kickoffs: {
              firstHalfS: row.first_half_kickoff_ts,
              secondHalfS: row.second_half_kickoff_ts,
              overtimeS: row.overtime_kickoff_ts,
            },
          });
        }
      }),
      { numRuns: 60 },
    );
  });
});
