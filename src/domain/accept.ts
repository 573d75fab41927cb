import type { Case, Decision } from './guard-case.js';
import { rememberKickoff } from './kickoffs.js';
import { laterOf } from './later-of.js';
import { matchMinute } from './match-minute.js';
import type { MatchState } from './match-state.js';
import { isLive } from './match-status.js';
import * as outcomes from './outcomes.js';
import { displayScore, goals, higherOf } from './score.js';

/** What an update that no rule refuses makes of the state: nothing new, or the next state. */
export function accept(c: Case): Decision {
  const { state, update, context, providerTimeS } = c;
  const push = update.delivery === 'push';
  const fresh = {
    providerTimeS: laterOf(state.providerTimeS, providerTimeS),
    seenAtMs: push ? laterOf(state.seenAtMs, update.receivedAtMs) : state.seenAtMs,
    pulledAtMs: push ? state.pulledAtMs : laterOf(state.pulledAtMs, update.requestedAtMs),
  };
  const kickoff = rememberKickoff(state, update, context.nowMs);
  const unannounced = goals(c.home) !== state.announced.home || goals(c.away) !== state.announced.away;
  if (c.same && !state.torn && !kickoff.changed && !unannounced) {
    return { outcome: outcomes.DUPLICATE, next: { ...state, ...fresh } };
  }
  return { outcome: outcomes.APPLIED, next: changed(c, fresh, kickoff) };
}

type Fresh = Pick<MatchState, 'providerTimeS' | 'seenAtMs' | 'pulledAtMs'>;
type Remembered = ReturnType<typeof rememberKickoff>;

function changed({ state, update, context, home, away }: Case, fresh: Fresh, kickoff: Remembered): MatchState {
  const nowS = Math.floor(context.nowMs / 1000);
  const status = update.score.status;
  const moved = status !== state.status;
  return {
    matchId: state.matchId,
    epoch: state.epoch,
    version: state.version,
    status,
    statusSinceS: moved ? nowS : state.statusSinceS,
    statusSource: moved ? update.source : state.statusSource,
    home,
    away,
    scoreSource: update.source,
    scoreSourceAtS: nowS,
    kickoffs: kickoff.kickoffs,
    kickoffSources: kickoff.sources,
    minute: nextMinute(state, matchMinute({ status, kickoffs: kickoff.kickoffs, nowS }), moved),
    providerTimeS: fresh.providerTimeS,
    seenAtMs: fresh.seenAtMs,
    pulledAtMs: fresh.pulledAtMs,
    reached: isLive(status) && status > state.reached ? status : state.reached,
    peak: { home: higherOf(state.peak.home, home), away: higherOf(state.peak.away, away) },
    announced: { home: goals(home), away: goals(away) },
    shown: { home: displayScore(home), away: displayScore(away) },
    torn: false,
  };
}

/** Within one status the minute never runs backwards, and a value is never replaced by nothing. */
function nextMinute({ minute }: MatchState, computed: number | null, moved: boolean): number | null {
  if (computed === null || minute === null || moved) return computed ?? minute;
  return Math.max(computed, minute);
}
