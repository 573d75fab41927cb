import { MatchStatus } from '../../../src/domain/match-status.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import type { Outage } from '../truth/faults/fault.js';
import { type Delivery, EPOCH_MS, type Moment, virtualMs } from '../truth/moment.js';
import { Telling } from '../truth/telling.js';

/** Matches begin within that time of each other, s. */
const SPREAD_S = 30 * 60;
/** The row is compared with the truth so long after the last word about the match. */
const AFTERMATH_MS = 10 * 60_000;
const LONGEST_DELAY_MS = 6_000;
/** What happens so soon after a frame that is lost is lost, too. */
const LOST_MS = LONGEST_DELAY_MS + 50;
const COPIES = 0.15;
/** How the feed treats a match: share of frames that are lost, and of minutes without any. */
const FEEDS = [
  { loses: 0, silent: 0 },
  { loses: 0, silent: 0 },
  { loses: 0.2, silent: 0 },
  { loses: 0, silent: 0.3 },
] as const;
/** A silence of the feed about one match lasts that long, s. */
const SILENCE_S = { least: 60, most: 600 };

/** One match of a race, drawn from its seed: what is true, and what the feed says of it. */
export interface RaceMatch {
  readonly id: string;
  readonly moments: readonly Moment[];
  /** in order of arrival, nothing overtaken; without provider time */
  readonly frames: readonly Delivery[];
  /** answers about the match carry the time of their change */
  readonly isDated: boolean;
  /** virtual ms */
  readonly horizonMs: number;
}

/** @param outages of the feed: what is published then is lost */
export function drawRaceMatch(id: string, seed: number, outages: readonly Outage[]): RaceMatch {
  const chance = new SeededRandom(seed);
  const telling = new Telling(chance, EPOCH_MS / 1000 + chance.below(SPREAD_S));
  play(telling);
  const { moments } = telling;
  const deaf = [...outages, ...silences(moments, chance)];
  const frames = publish(moments, chance).filter(({ atMs }) => !deaf.some((one) => isIn(one, atMs)));
  const lastMs = Math.max(virtualMs(moments.at(-1)?.atS ?? 0), frames.at(-1)?.atMs ?? 0);
  const untilMs = Math.max(lastMs, ...outages.map(({ toMs }) => toMs));
  return { id, moments, frames, isDated: chance.next() < 0.3, horizonMs: untilMs + AFTERMATH_MS };
}

function isIn({ fromMs, toMs }: Outage, atMs: number): boolean {
  return atMs >= fromMs && atMs < toMs;
}

/** Times when the feed says nothing of this match, though it is connected. */
function silences(moments: readonly Moment[], chance: SeededRandom): readonly Outage[] {
  const { loses, silent } = chance.pick(FEEDS);
  const lost = moments
    .filter(() => chance.next() < loses)
    .map(({ atS }) => ({ fromMs: virtualMs(atS), toMs: virtualMs(atS) + LOST_MS }));
  const spells: Outage[] = [];
  for (let atS = moments[0]?.atS ?? 0; silent > 0 && atS < (moments.at(-1)?.atS ?? 0); ) {
    const lastsS = SILENCE_S.least + chance.below(SILENCE_S.most - SILENCE_S.least);
    spells.push({ fromMs: virtualMs(atS), toMs: virtualMs(atS + lastsS) });
    atS += lastsS / silent;
  }
  return [...lost, ...spells];
}

/** Both halves; of some matches extra time, of some of these a shoot-out; goals are taken back now and then. */
function play(m: Telling): void {
  m.wait(60, 300);
  m.firstHalf(5);
  spell(m, 41);
  m.halfTime();
  m.secondHalf(5);
  spell(m, 43);
  if (m.chance.next() < 0.3) {
    m.level();
    m.extraTime(10);
    spell(m, 20);
    if (m.chance.next() < 0.5) {
      m.level();
      m.shootout(['home', 'away', 'home', 'home', 'away']);
    }
  }
  m.end();
}

function spell(m: Telling, minutes: number): void {
  for (let left = minutes; left > 0; left -= 7) {
    const isBusy = m.chance.next() < 0.5;
    for (let minute = Math.min(7, left); minute > 0; minute--) {
      m.play(1);
      if (isBusy) bustle(m);
    }
    if (m.chance.next() >= 0.15 || m.now.status === MatchStatus.HalfTime) continue;
    const side = m.side();
    m.goal(side);
    m.wait(15, 180);
    m.takeBack(side);
  }
}

/** Much is said within a minute, and some of it is new. */
function bustle(m: Telling): void {
  for (let count = m.chance.below(4); count > 0; count--) {
    m.wait(1, 20);
    if (m.chance.next() < 0.1) m.goal(m.side());
    else m.say({});
  }
}

/** What the feed says arrives up to seconds late, in order, some of it twice. */
function publish(moments: readonly Moment[], chance: SeededRandom): readonly Delivery[] {
  const frames: Delivery[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  const arrive = (says: Moment, fromMs: number) => {
    const delayMs = 50 + Math.floor(chance.next() ** 3 * LONGEST_DELAY_MS);
    lastMs = Math.max(lastMs + 1, fromMs + delayMs);
    frames.push({ atMs: lastMs, says });
  };
  for (const says of moments) {
    arrive(says, virtualMs(says.atS));
    if (chance.next() < COPIES) arrive(says, lastMs);
  }
  return frames;
}
