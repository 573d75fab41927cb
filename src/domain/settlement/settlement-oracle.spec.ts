import { describe, expect, it } from '@jest/globals';
import { cases } from '../../../test/support/long-form.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import {
  KICKOFF_MS,
  randomSettlementHistory,
  type SettlementHistory,
} from '../../../test/support/settlement-histories.js';
import { SETTLEMENT_MARKETS, type SpelledMarket } from '../../../test/support/settlement-markets.js';
import { SettlementOracle } from '../../../test/support/settlement-oracle.js';
import { decideMarket, type Verdict } from './decide-market.js';
import type { Market } from './market.js';
import { readMarket } from './market-text.js';
import { afterStep, afterTime, nextMomentMs } from './settlement-fold.js';
import { type CommittedStep, EMPTY_PATH, SETTLEMENT_LIMITS, type SettlementPath } from './settlement-path.js';

interface Point {
  readonly path: SettlementPath;
  /** how many versions are known */
  readonly count: number;
  readonly nowMs: number;
}

interface Asked extends SpelledMarket {
  readonly market: Market;
}

/** Every moment of the time that passes up to there, and the one right before it. */
function passing(from: Point, untilMs: number): Point[] {
  const points: Point[] = [];
  let { path } = from;
  const { count } = from;
  for (let nextMs = nextMomentMs(path, SETTLEMENT_LIMITS); nextMs !== null && nextMs <= untilMs; ) {
    if (nextMs > from.nowMs) points.push({ path, count, nowMs: nextMs - 1 });
    path = afterTime(path, SETTLEMENT_LIMITS);
    const isMore = nextMomentMs(path, SETTLEMENT_LIMITS) === nextMs;
    if (!isMore) points.push({ path, count, nowMs: Math.max(nextMs, from.nowMs) });
    nextMs = nextMomentMs(path, SETTLEMENT_LIMITS);
  }
  return [...points, { path, count, nowMs: untilMs }];
}

/** The path after every version, at every moment at which time moves it, and right before the next version. */
function pointsOf({ steps, format, endMs }: SettlementHistory): Point[] {
  const points: Point[] = [];
  let now: Point = { path: { ...EMPTY_PATH, format }, count: 0, nowMs: KICKOFF_MS };
  for (const step of steps) {
    points.push(...passing(now, Math.max(now.nowMs, step.atMs - 1)));
    const before = passing(now, step.atMs).at(-1) ?? now;
    now = { path: afterStep(before.path, step), count: now.count + 1, nowMs: step.atMs };
    // what is long due when a version comes is due at once
    now = passing(now, step.atMs).at(-1) ?? now;
    points.push(now);
  }
  return [...points, ...passing(now, endMs)];
}

function isSame(found: Verdict, expected: ReturnType<SettlementOracle['verdictOf']>): boolean {
  return (
    found.verdict === expected.verdict &&
    found.certainty === expected.certainty &&
    found.basis?.version === expected.basis?.version &&
    found.basis?.home === expected.basis?.home &&
    found.basis?.away === expected.basis?.away
  );
}

const shown = ({ status, source, home, away, atMs, providerTimeS }: CommittedStep) =>
  `${status} ${source} ${home?.[0]}-${away?.[0]} (${home?.[1]}-${away?.[1]}) ${(atMs - KICKOFF_MS) / 60_000}'${
    providerTimeS === null ? '' : ` provider ${providerTimeS - KICKOFF_MS / 1_000} s`
  }`;

interface Difference {
  readonly market: string;
  readonly format: string;
  readonly steps: readonly string[];
  readonly minute: number;
  readonly found: string;
  readonly expected: string;
}

function differences(asked: Asked, history: SettlementHistory, points: readonly Point[], oracle: SettlementOracle) {
  const wrong: Difference[] = [];
  for (const { path, count, nowMs } of points) {
    const found = decideMarket(asked.market, path, SETTLEMENT_LIMITS);
    const expected = oracle.verdictOf(asked, count, nowMs);
    if (isSame(found, expected)) continue;
    const say = ({ verdict, certainty, basis }: typeof expected) =>
      `${verdict} ${certainty} ${basis ? `${basis.home}-${basis.away} of version ${basis.version}` : ''}`;
    const { format, steps } = history;
    const minute = (nowMs - KICKOFF_MS) / 60_000;
    wrong.push({
      market: asked.texts[0] ?? '',
      format,
      steps: steps.slice(0, count).map(shown),
      minute,
      found: say(found),
      expected: say(expected),
    });
  }
  return wrong;
}

/** Every spelling of every market, read. */
const SPELLINGS: readonly (readonly Asked[])[] = SETTLEMENT_MARKETS.map((described) =>
  described.texts.map((text) => {
    const market = readMarket(text, null);
    if (!market) throw new Error(`"${text}" is not known`);
    return { ...described, market };
  }),
);

describe('verdicts, against an oracle that reads the whole history at once', () => {
  it('are equal for every market, after every version and every moment', () => {
    const random = new SeededRandom(20_261_129);
    const wrong: Difference[] = [];
    const seen = new Map<string, number>();
    let count = 0;
    while (count < cases(200_000, 1_000_000)) {
      const history = randomSettlementHistory(random);
      const points = pointsOf(history);
      const oracle = new SettlementOracle(history.steps, history.format);
      for (const spelled of SPELLINGS) {
        const asked = random.pick(spelled);
        wrong.push(...differences(asked, history, points, oracle).slice(0, 1));
        const last = points.at(-1);
        const { verdict, certainty } = decideMarket(asked.market, last!.path, SETTLEMENT_LIMITS);
        seen.set(`${verdict} ${certainty}`, (seen.get(`${verdict} ${certainty}`) ?? 0) + 1);
        count += 1;
      }
    }
    wrong.sort((a, b) => a.steps.length - b.steps.length);
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(wrong).toHaveLength(0);
    expect(count).toBeGreaterThanOrEqual(50_000);
    const kinds = ['won 1', 'won 2', 'lost 1', 'lost 2', 'void 1', 'void 2', 'open 1', 'awaiting 1'];
    expect([...seen.keys()].sort()).toEqual(kinds.sort());
    expect(Math.min(...seen.values())).toBeGreaterThan(count / 2_000);
  });
});
