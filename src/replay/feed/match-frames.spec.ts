import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryTournamentFile } from '../../../test/support/arbitrary-tournament.js';
import { framesOf, KICKOFFS, NOW_MS, plansOf } from '../../../test/support/replayed-frames.js';
import { displayScore, goals, NO_SCORE, type Slots, withKnownCorners } from '../../domain/score.js';
import { goalsOf } from '../tournament/tournament.js';
import { expectedRow } from '../verify/expected-row.js';
import { kickoffTimes } from './kickoff-times.js';
import type { FrameScore, MatchFrame } from './match-frame.js';
import type { MatchPlan } from './match-plan.js';

const WORLD_CUP: unknown = JSON.parse(readFileSync('examples/data/worldcup-2022.json', 'utf8'));

const scoresOf = (frames: readonly MatchFrame[]): FrameScore[] => frames.flatMap(({ score }) => (score ? [score] : []));

const statusesOf = (frames: readonly MatchFrame[]): number[] =>
  scoresOf(frames)
    .map(({ status }) => status)
    .filter((status, index, all) => status !== all[index - 1]);

function lastSlots(frames: readonly MatchFrame[], side: 'home' | 'away'): Slots {
  return scoresOf(frames).reduce<Slots>((known, score) => withKnownCorners(score[side], known), NO_SCORE);
}

function planOf(score: object): MatchPlan {
  const [plan] = plansOf({ matches: [{ team1: 'A', team2: 'B', score }] }, 7);
  if (!plan) throw new Error('the match was skipped');
  return plan;
}

describe('the frames of a match', () => {
  it('end, taken one after the other, in the row that the tournament alone predicts', () => {
    fc.assert(
      fc.property(arbitraryTournamentFile(), fc.integer(), (file, seed) => {
        for (const plan of plansOf(file, seed)) {
          const [row, frames] = [expectedRow(plan, KICKOFFS), framesOf(plan)];
          const [home, away] = [lastSlots(frames, 'home'), lastSlots(frames, 'away')];
          expect({ home, away, shown: [home, away].map(displayScore), status: statusesOf(frames).at(-1) }).toEqual({
            home: row.home_scores,
            away: row.away_scores,
            shown: [row.home_score_display, row.away_score_display],
            status: 8,
          });
        }
      }),
    );
  });

  it('show every goal by itself and never take one back', () => {
    fc.assert(
      fc.property(arbitraryTournamentFile(), fc.integer(), (file, seed) => {
        for (const plan of plansOf(file, seed)) {
          const totals = scoresOf(framesOf(plan)).map(({ home, away }) => goals(home) + goals(away));
          const steps = totals.map((total, index) => total - (totals[index - 1] ?? 0));
          expect(steps.every((step) => step === 0 || step === 1)).toBe(true);
          expect(totals.at(-1)).toBe(goalsOf(plan.match));
        }
      }),
    );
  });

  it('never go back to an earlier phase, and show kick-offs that are past and not two hours old', () => {
    for (const plan of plansOf(WORLD_CUP, 1)) {
      const frames = framesOf(plan);
      expect(frames.every(({ phase }, index) => phase >= (frames[index - 1]?.phase ?? 0))).toBe(true);
      const nowS = NOW_MS / 1000;
      const isRight = ({ status, kickoffS }: FrameScore) =>
        status === 1 ? kickoffS === 0 : kickoffS <= nowS && nowS - kickoffS < 120 * 60;
      expect(scoresOf(frames).filter((score) => !isRight(score))).toEqual([]);
    }
  });

  it.each([
    ['normal time', { ft: [2, 1] }, [2, 3, 4, 8]],
    ['extra time', { ft: [1, 1], et: [2, 1] }, [2, 3, 4, 8, 5, 8]],
    ['a shoot-out after extra time', { ft: [0, 0], et: [0, 0], p: [3, 0] }, [2, 3, 4, 8, 5, 8, 7, 8]],
    ['a shoot-out at once', { ft: [1, 1], p: [4, 5] }, [2, 3, 4, 8, 7, 8]],
  ])('walk through the statuses of %s as the feed does', (_, score, expected) => {
    expect(statusesOf(framesOf(planOf(score))).filter((status) => status !== 1)).toEqual(expected);
  });

  it('set the half-time slot at half-time and freeze it', () => {
    const scores = scoresOf(framesOf(planOf({ ht: [1, 0], ft: [3, 2] })));
    expect(scores.filter(({ status }) => status < 3).every(({ home }) => home[1] === 0)).toBe(true);
    expect(scores.filter(({ status }) => status >= 3).every(({ home, away }) => home[1] === 1 && away[1] === 0)).toBe(
      true,
    );
  });

  it('count the shoot-out kick by kick and leave the other slots alone', () => {
    const kicks = scoresOf(framesOf(planOf({ ft: [0, 0], et: [2, 2], p: [4, 3] }))).filter(
      ({ status }) => status === 7,
    );
    const totals = kicks.map(({ home, away }) => home[6] + away[6]);
    expect(totals).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(kicks.every(({ home, away }) => home[5] === 2 && away[5] === 2 && home[0] === 0)).toBe(true);
  });

  it('list every goal once, by its kind, with a growing list', () => {
    for (const plan of plansOf(WORLD_CUP, 3)) {
      const lists = framesOf(plan).flatMap(({ incidents }) => (incidents ? [incidents] : []));
      expect(lists.every((list, index) => list.length > (lists[index - 1]?.length ?? 0))).toBe(true);
      const listed = (lists.at(-1) ?? []).filter(({ type }) => [1, 8, 17].includes(type));
      expect(listed).toHaveLength(goalsOf(plan.match));
      expect(listed.map((incident) => incident.player_name).sort()).toEqual(
        plan.match.goals.map(({ scorer }) => scorer).sort(),
      );
    }
  });

  it('are the same for the same seed and others for another', () => {
    const frames = (seed: number) => JSON.stringify(plansOf(WORLD_CUP, seed).map(framesOf));
    expect(frames(5)).toBe(frames(5));
    expect(frames(5)).not.toBe(frames(6));
  });
});

describe('kickoffTimes', () => {
  it.each([0.5, 1, 2, 10, 60, Number.POSITIVE_INFINITY])('places no kick-off in the future at speed %d', (speed) => {
    const { firstHalf, secondHalf, overtime } = kickoffTimes(NOW_MS, speed);
    const publishedS = (minutes: number) => NOW_MS / 1000 + (minutes * 60) / speed;
    expect(firstHalf).toBeLessThanOrEqual(publishedS(0));
    expect(secondHalf).toBeLessThanOrEqual(publishedS(60));
    expect(overtime).toBeLessThanOrEqual(publishedS(110));
    expect(secondHalf - firstHalf).toBeGreaterThanOrEqual(60 * 60);
    expect(overtime - secondHalf).toBeGreaterThanOrEqual(50 * 60);
    expect(publishedS(0) - firstHalf).toBeLessThan(120 * 60);
  });
});
