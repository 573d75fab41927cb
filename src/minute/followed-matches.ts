import { Injectable } from '@nestjs/common';
import type { IncidentsCommitted, ScoreCommitted } from '../contracts/committed-changes.js';
import { MatchTimes } from '../contracts/match-times.js';
import { announcedMinutes, announcementsIn, announcesAddedTime } from '../domain/added-time.js';
import { type MatchFormat, matchFormatText } from '../domain/match-format.js';
import { type ClockPeriod, clockPeriodOf, type MatchClock, minuteAt, nextMinuteAtS } from '../domain/match-minute.js';
import { isLive, MatchStatus } from '../domain/match-status.js';
import type { Incident } from '../domain/match-update.js';
import { MatchFormats } from './match-formats.js';
import type { Acquaintance, DueMinute, LiveRow, MinuteBasis } from './ports/minute-store.js';

/** More matches are never played at once: beyond it the one met first is forgotten. */
const MOST_MATCHES = 20_000;

/** A match that is being played, as this process knows it. */
export interface FollowedMatch {
  readonly matchId: string;
  basis: MinuteBasis;
  version: number;
  /** null: its journal was not asked yet */
  epoch: number | null;
  /** as the row has it */
  minute: number | null;
  /** the highest minute computed from this basis and format: a clock that is set back does not set minutes back */
  shown: { readonly of: string; readonly minute: number } | null;
  readonly added: Map<ClockPeriod, number>;
  /** somebody else gave the present period another kick-off: its next minute may go back */
  isCorrected: boolean;
}

/** The matches that are being played: what their clocks are made of. All of it in memory. */
@Injectable()
export class FollowedMatches extends MatchTimes {
  private readonly matches = new Map<string, FollowedMatch>();

  constructor(private readonly formats: MatchFormats) {
    super();
  }

  override formatOf(matchId: string): MatchFormat {
    return this.formats.of(matchId);
  }

  override addedMinutesOf(matchId: string, period: ClockPeriod): number | null {
    return this.matches.get(matchId)?.added.get(period) ?? null;
  }

  override isFormatDisputed(matchId: string): boolean {
    return this.formats.isDisputed(matchId);
  }

  override lastClockOf(matchId: string): MatchClock | null {
    const match = this.matches.get(matchId);
    return match ? this.clockOf({ matchId, ...match.basis }) : null;
  }

  get size(): number {
    return this.matches.size;
  }

  all(): Iterable<FollowedMatch> {
    return this.matches.values();
  }

  find(matchId: string): FollowedMatch | undefined {
    return this.matches.get(matchId);
  }

  /** The minute to show at that time; null for "keep what is stored". */
  minuteOf(match: FollowedMatch, nowS: number): number | null {
    const minute = minuteAt(this.clockOf({ matchId: match.matchId, ...match.basis }), nowS);
    if (minute === null) return null;
    const of = `${JSON.stringify(match.basis)} ${matchFormatText(this.formatOf(match.matchId))}`;
    const shown = match.shown?.of === of ? Math.max(match.shown.minute, minute) : minute;
    match.shown = { of, minute: shown };
    return shown;
  }

  /** When the match shows another minute by itself, unix seconds. */
  nextMinuteAtS({ matchId, basis }: FollowedMatch, nowS: number): number | null {
    return nextMinuteAtS(this.clockOf({ matchId, ...basis }), nowS);
  }

  /** @returns the matches that are new here, or have another basis than was known */
  adopt(rows: readonly LiveRow[]): readonly FollowedMatch[] {
    const news: FollowedMatch[] = [];
    for (const { matchId, status, kickoffs, fallbackKickoffS, version, minute } of rows) {
      const basis = { status, kickoffs, fallbackKickoffS };
      const known = this.matches.get(matchId);
      const match = known ?? this.add(matchId, basis, version);
      if (!known || !sameBasis(known.basis, basis)) news.push(match);
      if (known?.basis.status === status && !sameBasis(known.basis, basis)) match.isCorrected = true;
      Object.assign(match, { basis, version, minute });
    }
    return news;
  }

  /** Of those that were known before, only these are still being played; a shoot-out is not looked for. */
  keep(known: readonly FollowedMatch[], playing: readonly { readonly matchId: string }[]): void {
    const live = new Set(playing.map(({ matchId }) => matchId));
    const over = known.filter(({ matchId, basis }) => !live.has(matchId) && basis.status !== MatchStatus.Shootout);
    this.drop(over.map(({ matchId }) => matchId));
  }

  /** These are not being played any more, or have come to a shoot-out, which has no minute. */
  drop(matchIds: readonly string[]): void {
    for (const matchId of matchIds) this.matches.delete(matchId);
  }

  /** The row of these matches says what was due. */
  confirm(due: readonly DueMinute[]): void {
    for (const { matchId, minute } of due) {
      const match = this.matches.get(matchId);
      if (match) match.minute = minute;
    }
  }

  acquaint({ matchId, epoch, announcements }: Acquaintance): void {
    const match = this.matches.get(matchId);
    if (!match) return;
    match.epoch = epoch;
    for (const [period, incident] of announcementsIn(announcements)) {
      if (!match.added.has(period)) this.announce(match, period, incident);
    }
  }

  committed({ matchId, epoch, version, before, after }: ScoreCommitted): void {
    if (!isLive(after.status)) {
      this.matches.delete(matchId);
      return;
    }
    const { status, kickoffs, fallbackKickoffS = null, minute } = after;
    const known = this.matches.get(matchId);
    // every commit comes here, and few change the time
    const isSame = known?.basis.kickoffs === kickoffs && known.basis.status === status;
    const basis =
      isSame && known.basis.fallbackKickoffS === fallbackKickoffS
        ? known.basis
        : { status, kickoffs, fallbackKickoffS };
    const match = known ?? this.add(matchId, basis, version);
    Object.assign(match, { basis, version, epoch, minute });
    if (status === MatchStatus.FirstHalf && before.status !== status) match.added.clear();
  }

  announced({ matchId, fresh, corrected }: IncidentsCommitted): void {
    const match = this.matches.get(matchId);
    const period = match && clockPeriodOf(match.basis.status);
    if (!period) return;
    for (const incident of [...fresh, ...corrected.map(({ after }) => after)]) {
      if (announcesAddedTime(incident)) this.announce(match, period, incident);
    }
  }

  private announce(match: FollowedMatch, period: ClockPeriod, incident: Incident): void {
    const { halfMinutes, extraHalfMinutes } = this.formatOf(match.matchId);
    const halves = period === 'first-half' || period === 'half-time' ? 1 : 2;
    const extra = period === 'extra-time' ? 2 * extraHalfMinutes : 0;
    const minutes = announcedMinutes(incident, halves * halfMinutes + extra);
    if (minutes !== null) match.added.set(period, minutes);
  }

  private add(matchId: string, basis: MinuteBasis, version: number): FollowedMatch {
    if (this.matches.size >= MOST_MATCHES) {
      const [oldest] = this.matches.keys();
      if (oldest !== undefined) this.matches.delete(oldest);
    }
    const match = {
      matchId,
      basis,
      version,
      epoch: null,
      minute: null,
      shown: null,
      added: new Map(),
      isCorrected: false,
    };
    this.matches.set(matchId, match);
    return match;
  }
}

function sameBasis(a: MinuteBasis, b: MinuteBasis): boolean {
  return (
    a.status === b.status &&
    a.fallbackKickoffS === b.fallbackKickoffS &&
    a.kickoffs.firstHalfS === b.kickoffs.firstHalfS &&
    a.kickoffs.secondHalfS === b.kickoffs.secondHalfS &&
    a.kickoffs.overtimeS === b.kickoffs.overtimeS
  );
}
