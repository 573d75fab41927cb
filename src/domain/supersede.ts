import { laterOf } from './later-of.js';
import type { KickoffSources, Kickoffs, MatchState } from './match-state.js';
import { isLive, MatchStatus } from './match-status.js';
import type { CarriedFacts, ScoreUpdate } from './match-update.js';
import { isRestart } from './restart.js';
import { higherOf, isAbove, NO_SCORE, withKnownCorners } from './score.js';

const NO_FACTS: CarriedFacts = {
  kickoffs: {},
  reached: MatchStatus.NotStarted,
  peak: { home: NO_SCORE, away: NO_SCORE },
  providerTimeS: null,
};

/**
 * The newer update takes the older one's place and carries on what only that one knew: kick-offs, the furthest period,
 * the highest counts, provider time. The guard judges the facts together with the report.
 * Of a match that begins again only provider time goes on; a report of status 1 may as well be a late copy, which the
 * guard will tell.
 */
export function supersede(older: ScoreUpdate, newer: ScoreUpdate): ScoreUpdate {
  const known = factsOf(older);
  const { status } = newer.score;
  const again = status !== MatchStatus.NotStarted && isRestart(older.score.status, known.reached, status);
  return withFacts(newer, again ? { ...NO_FACTS, providerTimeS: known.providerTimeS } : known);
}

/** The update as the newest word of a state: it carries on what that state knows beyond an earlier one. */
export function carryingState(update: ScoreUpdate, before: MatchState, after: MatchState): ScoreUpdate {
  return withFacts(update, {
    kickoffs: {
      ...(isNews(before, after, 'firstHalf', 'firstHalfS') && { firstHalfS: after.kickoffs.firstHalfS }),
      ...(isNews(before, after, 'secondHalf', 'secondHalfS') && { secondHalfS: after.kickoffs.secondHalfS }),
      ...(isNews(before, after, 'overtime', 'overtimeS') && { overtimeS: after.kickoffs.overtimeS }),
    },
    reached: after.reached > before.reached ? after.reached : MatchStatus.NotStarted,
    peak: {
      home: isAbove(after.peak.home, before.peak.home) ? after.peak.home : NO_SCORE,
      away: isAbove(after.peak.away, before.peak.away) ? after.peak.away : NO_SCORE,
    },
    providerTimeS: after.providerTimeS === before.providerTimeS ? null : after.providerTimeS,
  });
}

/** Did the feed or the provider give this kick-off since? */
function isNews(before: MatchState, after: MatchState, source: keyof KickoffSources, at: keyof Kickoffs): boolean {
  return after.kickoffSources[source] !== undefined && after.kickoffs[at] !== before.kickoffs[at];
}

/** The update carries these facts on, beneath its own. */
export function withFacts(newer: ScoreUpdate, before: CarriedFacts): ScoreUpdate {
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
