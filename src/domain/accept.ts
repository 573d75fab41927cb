import { trusted } from './guard/provider-time.js';
import type { Case, Decision } from './guard-case.js';
import { type Remembered, rememberKickoffs } from './kickoffs.js';
import { laterOf } from './later-of.js';
import { matchMinute } from './match-minute.js';
import type { MatchState } from './match-state.js';
import { isLive, MatchStatus } from './match-status.js';
import type { ScoreUpdate } from './match-update.js';
import type { Outcome } from './outcome.js';
import { DUPLICATE } from './outcomes.js';
import { isRestart } from './restart.js';
import { displayScore, goals, higherOf, isAbove, NO_SCORE, type Sides } from './score.js';

/** What an update that no rule refuses makes of the state: nothing new, or the next state. */
export function accept(c: Case, applied: Outcome): Decision {
  const { context, providerTimeS, atMs } = c;
  const update = c.status === MatchStatus.NotStarted ? withoutFacts(c.update) : c.update;
  const state = isRestart(c.state.status, c.state.reached, c.status) ? begunAgain(c.state) : c.state;
  const push = update.delivery === 'push';
  const carriedTimeS = trusted(update.carried?.providerTimeS ?? null, context);
  const fresh = {
    providerTimeS: laterOf(laterOf(state.providerTimeS, providerTimeS), carriedTimeS),
    seenAtMs: push ? laterOf(state.seenAtMs, atMs) : state.seenAtMs,
    pulledAtMs:
      push || c.same
        ? state.pulledAtMs
        : laterOf(
            state.pulledAtMs,
            update.requestedAtMs === null ? null : Math.min(update.receivedAtMs, c.context.nowMs),
          ),
  };
  const kickoff = rememberKickoffs(state, update, context);
  const unannounced = goals(c.home) !== state.announced.home || goals(c.away) !== state.announced.away;
  const isWhole = !state.torn && !lacksMinute(c, state, kickoff);
  if (c.same && isWhole && !kickoff.changed && !unannounced) {
    return { outcome: DUPLICATE, next: { ...state, ...fresh } };
  }
  return { outcome: applied, next: new Changed(c, state, update, fresh, kickoff) };
}

/** Before the kick-off nothing has happened: whatever it carries is of before the match began again. */
function withoutFacts({ carried: _of, ...update }: ScoreUpdate): ScoreUpdate {
  return update;
}

/** R4: the match begins again. The old kick-offs stay as estimates until the feed gives the new ones. */
function begunAgain(state: MatchState): MatchState {
  return { ...state, reached: MatchStatus.NotStarted, peak: { home: NO_SCORE, away: NO_SCORE }, kickoffSources: {} };
}

type Fresh = Pick<MatchState, 'providerTimeS' | 'seenAtMs' | 'pulledAtMs'>;

/** The state after a change. It is no literal: see "What is taken for old" in docs/performance.md. */
class Changed implements MatchState {
  readonly matchId: string;
  readonly epoch: MatchState['epoch'];
  readonly version: number;
  readonly status: MatchStatus;
  readonly statusSinceS: number | null;
  readonly statusSource: MatchState['statusSource'];
  readonly home: MatchState['home'];
  readonly away: MatchState['away'];
  readonly scoreSource: MatchState['scoreSource'];
  readonly scoreSourceAtS: number;
  readonly kickoffs: MatchState['kickoffs'];
  readonly kickoffSources: MatchState['kickoffSources'];
  readonly minute: number | null;
  readonly fallbackKickoffS: MatchState['fallbackKickoffS'];
  readonly providerTimeS: number | null;
  readonly seenAtMs: number | null;
  readonly pulledAtMs: number | null;
  readonly reached: MatchStatus;
  readonly peak: Sides;
  readonly announced: MatchState['announced'];
  readonly shown: MatchState['shown'];
  readonly torn = false;

  constructor(
    { context, home, away, status }: Case,
    state: MatchState,
    update: ScoreUpdate,
    fresh: Fresh,
    kickoff: Remembered,
  ) {
    const nowS = Math.floor(context.nowMs / 1000);
    const moved = status !== state.status;
    const isAnew = moved || kickoff.changed;
    // within a second of the last change a known minute cannot be another
    const isKnown = !isAnew && nowS === state.scoreSourceAtS && state.minute !== null;
    this.matchId = state.matchId;
    this.epoch = state.epoch;
    this.version = state.version;
    this.status = status;
    this.statusSinceS = moved ? nowS : state.statusSinceS;
    this.statusSource = moved ? update.source : state.statusSource;
    this.home = home;
    this.away = away;
    this.scoreSource = update.source;
    this.scoreSourceAtS = nowS;
    this.kickoffs = kickoff.kickoffs;
    this.kickoffSources = kickoff.sources;
    this.minute = isKnown ? state.minute : nextMinute(state, minuteOf(status, kickoff, state, context), isAnew);
    this.fallbackKickoffS = state.fallbackKickoffS;
    this.providerTimeS = fresh.providerTimeS;
    this.seenAtMs = fresh.seenAtMs;
    this.pulledAtMs = fresh.pulledAtMs;
    this.reached = furthest(state.reached, isLive(status) ? status : state.reached, update.carried?.reached);
    this.peak = withPeak(withPeak(state.peak, home, away), update.carried?.peak.home, update.carried?.peak.away);
    this.announced = counts(state.announced, goals(home), goals(away));
    this.shown = counts(state.shown, displayScore(home), displayScore(away));
  }
}

/** The provider is asked about rows without a minute: an answer with the kick-off writes it, where it follows from what is known. */
function lacksMinute({ update, status, context }: Case, state: MatchState, kickoff: Remembered): boolean {
  if (update.delivery !== 'pull' || update.score.periodKickoffS === null || state.minute !== null || !isLive(status))
    return false;
  return minuteOf(status, kickoff, state, context) !== null;
}

function counts<Known extends MatchState['shown']>(
  known: Known,
  home: number,
  away: number,
): Known | { readonly home: number; readonly away: number } {
  return home === known.home && away === known.away ? known : { home, away };
}

function minuteOf(
  status: MatchStatus,
  { kickoffs }: Remembered,
  { fallbackKickoffS }: MatchState,
  { nowMs, format }: Case['context'],
): number | null {
  return matchMinute({ status, kickoffs, fallbackKickoffS, format, nowS: Math.floor(nowMs / 1000) });
}

/**
 * Within one status the minute runs backwards only with another kick-off, and a value is never replaced by nothing.
 * @param isAnew another status, or another kick-off
 */
function nextMinute({ minute }: MatchState, computed: number | null, isAnew: boolean): number | null {
  if (computed === null || minute === null || isAnew) return computed ?? minute;
  return Math.max(computed, minute);
}

function withPeak(peak: Sides, home = NO_SCORE, away = NO_SCORE): Sides {
  if (!isAbove(home, peak.home) && !isAbove(away, peak.away)) return peak;
  return { home: higherOf(peak.home, home), away: higherOf(peak.away, away) };
}

function furthest(known: MatchStatus, shown: MatchStatus, carried: MatchStatus = MatchStatus.NotStarted): MatchStatus {
  return Math.max(known, shown, carried) as MatchStatus;
}
