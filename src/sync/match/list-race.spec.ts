import { describe, expect, it } from '@jest/globals';
import { KICKOFF_S, type Report, slots } from '../../../test/support/history.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import { VirtualMatch } from '../../../test/support/virtual-match.js';

type Moment = Pick<Report, 'status' | 'home' | 'away' | 'kickoffS'> & { readonly fromS: number };
type Arrival = { readonly atS: number; readonly tell: () => string };

/** How old an answer may be at the provider, seconds: about what is live, and a page of a list. */
const LIVE_AGE_S = 29;
const LIST_AGE_S = 179;
const END_S = KICKOFF_S + 115 * 60;
const OVER_S = END_S + 40 * 60;

/** A match of ninety minutes with some goals and corners. */
function truthOf(random: () => number): readonly Moment[] {
  const moments: Moment[] = [{ fromS: KICKOFF_S - 900, status: 1, home: slots(0), away: slots(0) }];
  const counts = { home: 0, away: 0, corners: 0 };
  for (let atS = KICKOFF_S; atS <= END_S; atS += 15) {
    const minute = (atS - KICKOFF_S) / 60;
    const status = atS >= END_S ? 8 : minute < 46 ? 2 : minute < 62 ? 3 : 4;
    const isPlayed = status === 2 || status === 4;
    if (isPlayed && random() < 0.012) counts[random() < 0.5 ? 'home' : 'away'] += 1;
    if (isPlayed && random() < 0.03) counts.corners += 1;
    const kickoffS = status === 2 ? KICKOFF_S : status === 4 ? KICKOFF_S + 62 * 60 : null;
    const home = slots(counts.home, { corners: counts.corners });
    const moment: Moment = { fromS: atS, status, home, away: slots(counts.away), kickoffS };
    const last = moments.at(-1) as Moment;
    if (JSON.stringify({ ...moment, fromS: 0 }) !== JSON.stringify({ ...last, fromS: 0 })) moments.push(moment);
  }
  return moments;
}

describe('the feed racing with slow and stale answers', () => {
  const race = (seed: number, isFed: (atS: number) => boolean, hasLive: boolean) => {
    const chance = new SeededRandom(seed);
    const random = (): number => chance.next();
    const match = new VirtualMatch(KICKOFF_S - 900);
    const truth = truthOf(random);
    const at = (atS: number): Moment => truth.findLast(({ fromS }) => fromS <= atS) ?? (truth[0] as Moment);
    const arrivals: Arrival[] = [];
    const pull = (atS: number, ageS: number, delayS: number, fromList: boolean): void => {
      const { fromS: _, ...said } = at(atS - ageS);
      if (!fromList && (said.status === 1 || said.status === 8)) return;
      const list = fromList ? { fromList: true as const, kickoffS: null } : {};
      arrivals.push({ atS: atS + delayS, tell: () => match.pull({ ...said, ...list }, delayS) });
    };
    for (const { fromS, ...said } of truth) {
      if (isFed(fromS)) arrivals.push({ atS: fromS + random(), tell: () => match.push(said) });
    }
    for (let atS = KICKOFF_S - 600; atS < OVER_S; atS += 10) {
      if (hasLive) pull(atS, Math.floor(random() * LIVE_AGE_S), Math.floor(random() * 6), false);
      if (atS % 60 === 0) pull(atS, Math.floor(random() * LIST_AGE_S), Math.floor(random() * 20), true);
    }
    arrivals.sort((a, b) => a.atS - b.atS);
    return { match, arrivals, final: truth.at(-1) as Moment, at };
  };

  it.each<[string, (atS: number) => boolean, boolean?]>([
    ['a feed that tells everything', () => true],
    ['a feed that is cut for twenty minutes', (atS) => atS < KICKOFF_S + 1_800 || atS > KICKOFF_S + 3_000],
    ['a feed that ends at half-time', (atS) => atS < KICKOFF_S + 46 * 60],
    ['no feed', () => false],
    ['a feed that tells everything, and lists alone', () => true, false],
    ['lists alone', () => false, false],
  ])('with %s: the row never goes back, and ends at the truth', (_, isFed, hasLive = true) => {
    const back: string[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      const { match, arrivals, final } = race(seed, isFed, hasLive);
      let goals = 0;
      let status = 1;
      for (const { atS, tell } of arrivals) {
        match.nowS = Math.max(match.nowS, atS);
        const outcome = tell();
        const { home, away } = match.state;
        if (home[0] + away[0] < goals || match.state.status < status)
          back.push(`${seed}@${atS - KICKOFF_S}: ${outcome}`);
        goals = home[0] + away[0];
        status = match.state.status;
      }
      const { state } = match;
      expect({ seed, status: state.status, home: state.home, away: state.away }).toEqual({
        seed,
        status: final.status,
        home: final.home,
        away: final.away,
      });
      expect(match.count('goal-cancelled')).toBe(0);
    }
    expect(back).toEqual([]);
  });
});
