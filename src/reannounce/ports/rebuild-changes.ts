import type { ScoreCommitted } from '../../contracts/committed-changes.js';
import { deriveEvents, deriveForeignEvents } from '../../domain/derive-events.js';
import type { MatchEvent } from '../../domain/match-event.js';
import type { AnnouncedGoals, MatchState } from '../../domain/match-state.js';
import { displayScore, goals, NO_SCORE } from '../../domain/score.js';
import type { CurrentRow, JournaledChange, JournaledState } from './recent-changes.js';

/**
 * Journal rows as the facts that were published when they were committed: same epoch, version and source, same events,
 * same minute and scorers. Only display columns that disagreed with the slots (foreign writers) are not known any more;
 * and a change of the minute alone is no event: the next minute repairs a lost one.
 *
 * A match that somebody else changed afterwards, without a journal row, is followed by what its row shows now.
 * @param changes in the order of commit
 */
export function rebuildChanges(changes: readonly JournaledChange[]): readonly ScoreCommitted[] {
  const facts = [...rebuildVersions(changes)];
  const last = new Map(changes.map((change, n) => [change.matchId, n]));
  for (const n of last.values()) {
    const seen = seenNow(changes[n] as JournaledChange, facts[n] as ScoreCommitted);
    if (seen) facts.push(seen);
  }
  return facts.filter(({ events }) => events.length > 0);
}

/** Every version of the journal as a fact, also one that has no events: one for each row, in the same order. */
export function rebuildVersions(changes: readonly JournaledChange[]): readonly ScoreCommitted[] {
  const minutes = new Map<string, number>();
  return changes.map((change) => {
    const { matchId, minute } = change;
    const fact = rebuild(change, minutes.get(matchId) ?? minute);
    if (minute !== null) minutes.set(matchId, minute);
    return fact;
  });
}

/** @param minuteBefore as clients were told; a frame says so when its minute is behind */
function rebuild(change: JournaledChange, minuteBefore: number | null): ScoreCommitted {
  const { minute, announced, goalIncidents, row, times, ...facts } = change;
  const { version, source } = facts;
  const after = asAnnounced(toMatchState(change, change.after, version, minute));
  const before = toMatchState(change, change.before ?? change.after, version - 1, minute);
  const events = source === 'foreign' ? deriveForeignEvents(before, after) : ownEvents(before, after, goalIncidents);
  return { kind: 'score', ...facts, before: { ...before, minute: minuteBefore }, after, events };
}

/** Its commit announced it. */
function asAnnounced(state: MatchState): MatchState {
  return { ...state, announced: { home: goals(state.home), away: goals(state.away) } };
}

/** When a score was learnt is not in the journal: whether it told of goals is. */
function ownEvents(before: MatchState, after: MatchState, incidents: JournaledChange['goalIncidents']): MatchEvent[] {
  const events = deriveEvents(before, after, incidents ?? []);
  return incidents ? events : events.filter(({ type }) => type !== 'goal' && type !== 'goal-cancelled');
}

/** What the drift check would tell of the row. */
function seenNow(change: JournaledChange, fact: ScoreCommitted): ScoreCommitted | null {
  const { row, epoch } = change;
  if (!row || row.version < fact.version) return null;
  const after = toMatchState({ ...change, epoch }, row, row.version, row.minute);
  const events = deriveForeignEvents(fact.after, after);
  if (events.length === 0) return null;
  return { ...fact, version: row.version, source: 'foreign', before: fact.after, after, events, catchUp: false };
}

function toMatchState(
  { matchId, epoch, announced, times }: JournaledChange,
  { status, home, away, kickoffs }: JournaledState | CurrentRow,
  version: number,
  minute: number | null,
): MatchState {
  const slots = { home: home ?? NO_SCORE, away: away ?? NO_SCORE };
  return {
    matchId,
    epoch,
    version,
    status,
    statusSinceS: null,
    statusSource: null,
    ...slots,
    scoreSource: null,
    scoreSourceAtS: null,
    kickoffs,
    kickoffSources: {},
    ...(times && { fallbackKickoffS: times.fallbackKickoffS }),
    minute,
    providerTimeS: null,
    seenAtMs: null,
    pulledAtMs: null,
    reached: status,
    peak: slots,
    announced: announcedGoals(announced, slots),
    shown: { home: displayScore(slots.home), away: displayScore(slots.away) },
    torn: false,
  };
}

function announcedGoals(announced: JournaledState | null, slots: Pick<MatchState, 'home' | 'away'>): AnnouncedGoals {
  return { home: goals(announced?.home ?? slots.home), away: goals(announced?.away ?? slots.away) };
}
