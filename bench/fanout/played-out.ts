import type { Committed } from '../../src/contracts/committed-changes.js';
import { STANDARD_TIMES } from '../../src/contracts/match-times.js';
import { deriveEvents } from '../../src/domain/derive-events.js';
import { emptyMatch } from '../../src/domain/empty-match.js';
import { matchMinute } from '../../src/domain/match-minute.js';
import type { Kickoffs, MatchState } from '../../src/domain/match-state.js';
import { isLive, MatchStatus } from '../../src/domain/match-status.js';
import type { Incident } from '../../src/domain/match-update.js';
import { displayScore, goals, sameSlots, withKnownCorners } from '../../src/domain/score.js';
import type { FrameScore, MatchFrame } from '../../src/replay/feed/match-frame.js';

/** One commit of a match that is played out, with the match after it. */
export interface Happened {
  readonly atS: number;
  readonly change: Committed;
  readonly state: MatchState;
  readonly incidents: readonly Incident[];
}

/** A match is played out without feed and database: what the writer would commit, minute by minute. */
export class PlayedOut {
  private readonly happened: Happened[] = [];
  private state: MatchState;
  private incidents: readonly Incident[] = [];

  constructor(
    matchId: string,
    private readonly kickoffS: number,
  ) {
    this.state = { ...emptyMatch(matchId), epoch: 1, version: 1 };
  }

  play(frames: readonly MatchFrame[]): readonly Happened[] {
    let minute = 0;
    for (const frame of frames) {
      for (; minute < frame.at; minute++) this.tick(this.kickoffS + minute * 60);
      const atS = this.kickoffS + Math.floor(frame.at * 60);
      if (frame.score) this.hear(frame.score, atS);
      if (frame.incidents) this.hearIncidents(frame.incidents, atS);
    }
    return this.happened;
  }

  private hear(score: FrameScore, atS: number): void {
    const before = this.state;
    const [home, away] = [withKnownCorners(score.home, before.home), withKnownCorners(score.away, before.away)];
    if (score.status === before.status && sameSlots(home, before.home) && sameSlots(away, before.away)) return;
    const kickoffs = kickoffsAfter(before.kickoffs, score);
    const after: MatchState = {
      ...before,
      version: before.version + 1,
      status: score.status,
      home,
      away,
      kickoffs,
      minute: matchMinute({ status: score.status, kickoffs, nowS: atS }) ?? before.minute,
      reached: isLive(score.status) ? score.status : before.reached,
      announced: { home: goals(home), away: goals(away) },
      shown: { home: displayScore(home), away: displayScore(away) },
    };
    this.state = after;
    this.add(atS, {
      kind: 'score',
      matchId: after.matchId,
      epoch: after.epoch,
      version: after.version,
      source: 'mqtt',
      before,
      after,
      events: deriveEvents(before, after, this.incidents),
      catchUp: false,
      ...times(atS),
    });
  }

  private hearIncidents(incidents: readonly Incident[], atS: number): void {
    const fresh = incidents.slice(this.incidents.length);
    this.incidents = incidents;
    const { matchId } = this.state;
    if (fresh.length > 0) this.add(atS, { kind: 'incidents', matchId, fresh, corrected: [], ...times(atS) });
  }

  /** What the minute module writes. */
  private tick(atS: number): void {
    const { matchId, epoch, version, status, kickoffs, minute: known } = this.state;
    const minute = matchMinute({ status, kickoffs, nowS: atS });
    if (minute === null || minute === known) return;
    this.state = { ...this.state, minute };
    const clock = STANDARD_TIMES.clockOf({ matchId, status, kickoffs, fallbackKickoffS: null });
    this.add(atS, { kind: 'minute', matchId, epoch, version, status, minute, clock, ...times(atS) });
  }

  private add(atS: number, change: Committed): void {
    this.happened.push({ atS, change, state: this.state, incidents: this.incidents });
  }
}

function kickoffsAfter(kickoffs: Kickoffs, { status, kickoffS }: FrameScore): Kickoffs {
  switch (status) {
    case MatchStatus.FirstHalf:
      return { ...kickoffs, firstHalfS: kickoffS };
    case MatchStatus.SecondHalf:
      return { ...kickoffs, secondHalfS: kickoffS };
    case MatchStatus.ExtraTime:
      return { ...kickoffs, overtimeS: kickoffS };
    default:
      return kickoffs;
  }
}

function times(atS: number) {
  return { receivedAtMs: atS * 1_000, committedAtMs: atS * 1_000 + 1 };
}
