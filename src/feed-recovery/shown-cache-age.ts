import { hasScore, type ScoreUpdate } from '../domain/decide.js';
import { isAccepted } from '../domain/outcomes.js';
import { sameSlots, withKnownCorners } from '../domain/score.js';
import type { RecordedDecision } from '../score-writer/ports/recent-decisions.js';

/**
 * How old an answer of the provider has been at least, ms, by what was decided of one match, the newest decision last.
 * Known when the feed changed the match, an answer asked for after that still said what the feed had said before, and the
 * newest answer agrees with the feed at last: then the one before came out of a cache. Null when nothing shows it.
 */
export function shownCacheAgeMs(decisions: readonly RecordedDecision[]): number | null {
  const reports = decisions.filter(({ update }) => hasScore(update));
  const updates = reports.map(({ update }) => update as ScoreUpdate);
  const answer = updates.at(-1);
  const changed = startOfTheNewestPushed(reports, updates);
  const pushed = updates[changed];
  if (!answer || !pushed || answer.delivery !== 'pull' || !sameReport(answer, pushed)) return null;
  const earlier = updates.slice(0, changed).filter(isPush);
  const outdated = updates
    .slice(changed)
    .filter((update) => !isPush(update) && !sameReport(update, pushed))
    .filter((update) => earlier.some((said) => sameReport(said, update)));
  const askedAtMs = Math.max(...outdated.map(({ requestedAtMs, receivedAtMs }) => requestedAtMs ?? receivedAtMs));
  return askedAtMs > pushed.receivedAtMs ? askedAtMs - pushed.receivedAtMs : null;
}

/** The place of the first of the pushes that said what the newest believed one says; -1 without one. */
function startOfTheNewestPushed(reports: readonly RecordedDecision[], updates: readonly ScoreUpdate[]): number {
  let start = -1;
  for (let n = updates.length - 1; n >= 0; n--) {
    const update = updates[n] as ScoreUpdate;
    const outcome = reports[n]?.outcome;
    if (!isPush(update) || !outcome || !isAccepted(outcome)) continue;
    const newest = updates[start];
    if (newest && !sameReport(update, newest)) break;
    start = n;
  }
  return start;
}

function isPush({ delivery }: ScoreUpdate): boolean {
  return delivery === 'push';
}

function sameReport({ score: a }: ScoreUpdate, { score: b }: ScoreUpdate): boolean {
  const home = withKnownCorners(a.home, b.home);
  const away = withKnownCorners(a.away, b.away);
  return a.status === b.status && sameSlots(home, b.home) && sameSlots(away, b.away);
}
