import { laterOf } from './later-of.js';
import { isLive, MatchStatus } from './match-status.js';
import type { CarriedFacts, ScoreUpdate } from './match-update.js';
import { isRestart } from './restart.js';
import { higherOf, NO_SCORE, withKnownCorners } from './score.js';

const NO_FACTS: CarriedFacts = {
  kickoffs: {},
  reached: MatchStatus.NotStarted,
  peak: { home: NO_SCORE, away: NO_SCORE },
  providerTimeS: null,
};

/**
 * The newer update takes the older one's place and carries on what only that one knew: kick-offs, the furthest period,
 * the highest counts, provider time. The guard judges the facts together with the report.
 * Of a match that begins again only provider time goes on.
 */
export function supersede(older: ScoreUpdate, newer: ScoreUpdate): ScoreUpdate {
  const known = factsOf(older);
  const again = isRestart(older.score.status, known.reached, newer.score.status);
  const before = again ? { ...NO_FACTS, providerTimeS: known.providerTimeS } : known;
  const own = newer.carried;
  const carried: CarriedFacts = {
    kickoffs: { ...before.kickoffs, ...own?.kickoffs },
    reached: own && own.reached > before.reached ? own.reached : before.reached,
    peak: own
      ? { home: higherOf(before.peak.home, own.peak.home), away: higherOf(before.peak.away, own.peak.away) }
      : before.peak,
    providerTimeS: laterOf(before.providerTimeS, own?.providerTimeS ?? null),
  };
  return { ...newer, carried };
}

function factsOf({ score, carried, providerTimeS }: ScoreUpdate): CarriedFacts {
  const known = carried?.peak ?? { home: NO_SCORE, away: NO_SCORE };
  const reached = isLive(score.status) ? score.status : MatchStatus.NotStarted;
  return {
    kickoffs: { ...carried?.kickoffs, ...kickoffOf(score.status, score.periodKickoffS) },
    reached: carried && carried.reached > reached ? carried.reached : reached,
    peak: {
      home: higherOf(known.home, withKnownCorners(score.home, known.home)),
      away: higherOf(known.away, withKnownCorners(score.away, known.away)),
    },
    providerTimeS: laterOf(carried?.providerTimeS ?? null, providerTimeS),
  };
}

function kickoffOf(status: MatchStatus, atS: number | null): CarriedFacts['kickoffs'] {
  if (atS === null) return {};
  if (status === MatchStatus.FirstHalf) return { firstHalfS: atS };
  if (status === MatchStatus.SecondHalf) return { secondHalfS: atS };
  return status === MatchStatus.ExtraTime ? { overtimeS: atS } : {};
}
