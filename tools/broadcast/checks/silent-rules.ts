import type { Findings } from './findings.js';
import { isOfProtocol2 } from './frame-schemas.js';
import { formatPosition, type Held, isBefore } from './position.js';
import type { ReadFrame } from './read-frame.js';

/** In the place of a status or a score that nobody told the client. */
export const NOT_TOLD = '?';

/** What a client that says nothing shows of a match. */
interface Shown {
  readonly position: Held;
  readonly text: string;
}

/** A frame that came again on one connection, or after a newer one. */
export interface Repeat {
  readonly kind: 'twice' | 'out-of-order';
  readonly text: string;
  readonly atMs: number;
  /** when the connection was made */
  readonly connectedAtMs: number;
  /** how often it had been told before on this connection */
  readonly before: number;
}

const KEPT_REPEATS = 2_000;

/**
 * The rules for clients that say nothing: versions in order, and what is told again after a takeover, or to a newcomer after one,
 * has the version that it had before.
 */
export class SilentRules {
  /** by match, from the list at the beginning of the connection and the frames since */
  readonly shown = new Map<string, Shown>();
  readonly repeats: Repeat[] = [];
  told = 0;
  toldAgain = 0;
  private readonly newest = new Map<string, Held>();
  private readonly heard = new Map<string, number>();
  private connectedAtMs = 0;

  constructor(
    private readonly name: string,
    private readonly findings: Findings,
  ) {}

  /** A new page: what it shows comes with the list. */
  connected(atMs: number): void {
    this.connectedAtMs = atMs;
    this.shown.clear();
    this.newest.clear();
    this.heard.clear();
  }

  /** The list that a page loads. What frames told meanwhile is kept where it is no older. */
  listed(rows: Iterable<{ readonly matchId: string; readonly position: Held; readonly text: string }>): void {
    for (const { matchId, position, text } of rows) {
      const known = this.shown.get(matchId);
      if (!known || isBefore(known.position, position)) this.shown.set(matchId, { position, text });
    }
  }

  take({ type, matchId, told, fields }: ReadFrame, atMs: number): void {
    if (isOfProtocol2(type)) this.findings.note('bad-frame', `${this.name}: ${type}, and it said nothing`);
    if (!told || !matchId) return;
    this.told += 1;
    this.judgeOrder(matchId, told, atMs);
    this.show(matchId, type, told, fields);
  }

  private judgeOrder(matchId: string, { version, key }: NonNullable<ReadFrame['told']>, atMs: number): void {
    const name = `${matchId} ${formatPosition(version)} ${key}`;
    const before = this.heard.get(name) ?? 0;
    this.heard.set(name, before + 1);
    const newest = this.newest.get(matchId);
    const isBack = newest !== undefined && isBefore(version, newest);
    if (!newest || isBefore(newest, version)) this.newest.set(matchId, version);
    if (before === 0 && !isBack) return;
    this.toldAgain += 1;
    if (this.repeats.length >= KEPT_REPEATS) return;
    const text = `${this.name} ${name}${before > 0 ? `, told ${before} times before` : ''}`;
    const where = isBack ? ` after ${formatPosition(newest)}` : '';
    const kind = before > 0 ? 'twice' : 'out-of-order';
    this.repeats.push({ kind, text: text + where, atMs, connectedAtMs: this.connectedAtMs, before });
  }

  /** As the list view does: whatever is told last is shown, whatever its version. */
  private show(
    matchId: string,
    type: string,
    { version }: NonNullable<ReadFrame['told']>,
    fields: ReadFrame['fields'],
  ): void {
    const known = this.shown.get(matchId)?.text.split(' ') ?? [NOT_TOLD, NOT_TOLD];
    const [status, score] = known;
    const shows = `${fields.homeScore}-${fields.awayScore}`;
    if (type === 'SCORE_CHANGE' || type === 'GOAL')
      this.shown.set(matchId, { position: version, text: `${fields.statusId} ${shows}` });
    else if (type === 'MATCH_STATE_CHANGE')
      this.shown.set(matchId, { position: version, text: `${fields.statusId} ${score}` });
    else if (type === 'MINUTE_UPDATE')
      this.shown.set(matchId, { position: version, text: `${fields.statusId ?? status} ${score}` });
  }
}

/** When somebody took the feed over, by our clock, and for how long it may tell again. */
export interface Takeovers {
  readonly atMs: readonly number[];
  /** it tells newcomers for so long, and all whenever it comes to it */
  readonly windowMs: number;
}

/** Notes what no takeover explains: each may tell a frame once more, to those who are there and to those who come. */
export function judgeRepeats(repeats: readonly Repeat[], { atMs, windowMs }: Takeovers, findings: Findings): void {
  for (const repeat of repeats) {
    const near = atMs.filter((at) => at <= repeat.atMs && at >= Math.min(repeat.connectedAtMs, repeat.atMs) - windowMs);
    const recent = near.filter((at) => at >= repeat.atMs - windowMs);
    const isExplained = repeat.kind === 'twice' ? repeat.before <= near.length : recent.length > 0;
    if (!isExplained) findings.note(repeat.kind, `${repeat.text}; takeovers before: ${near.length}`);
  }
}
