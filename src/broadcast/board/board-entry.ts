import type { MatchClock } from '../../domain/match-minute.js';
import { isLive } from '../../domain/match-status.js';
import type { MatchDetails, MatchView, ProvenState } from '../ports/match-frames.js';
import { comparePositions, type Position, positionText } from '../ports/position.js';
import type { VersionTold } from '../ports/told.js';

export const NO_DETAILS: MatchDetails = Object.freeze({ cards: [], substitutions: [], predictions: [] });

/** What is known of a match beside its versions. */
export interface BesideVersions {
  readonly competitionId: string | null;
  readonly details: MatchDetails;
}

/** An entry of the board holds the newest state of one match, and the versions that led to it, the newest `ring` of them. */
export class BoardEntry {
  private json: string | null = null;
  private readonly versions: VersionTold[] = [];
  private beside: BesideVersions | null = null;
  /** when one of its lists became another one, as far as this process saw it; by the scheduler's monotonic clock */
  detailsChangedAtMs = Number.NEGATIVE_INFINITY;
  /** its newest version was told with other content, too */
  isRestated = false;
  /** the newest version as it was told; null where only its row was read */
  newest: VersionTold | null = null;

  constructor(
    readonly matchId: string,
    public position: Position,
    public state: ProvenState,
    public clock: MatchClock,
    /** of the last change, by the scheduler's monotonic clock */
    public changedAtMs: number,
  ) {}

  /** Were competition, cards, substitutions and predictions read? */
  get isComplete(): boolean {
    return this.beside !== null;
  }

  get competitionId(): string | null {
    return this.beside?.competitionId ?? null;
  }

  get details(): MatchDetails {
    return this.beside?.details ?? NO_DETAILS;
  }

  get isLive(): boolean {
    return isLive(this.state.statusId);
  }

  get positionText(): string {
    return positionText(this.position);
  }

  get view(): MatchView {
    const { competitionId, clock } = this;
    return { ...this.state, competitionId, clock, ...this.details };
  }

  /** The view as it stands in a snapshot: made once per change. */
  get viewJson(): string {
    this.json ??= JSON.stringify(this.view);
    return this.json;
  }

  /** Takes a newer version, or other content of the same one. */
  take(version: VersionTold, ring: number, nowMs: number): void {
    this.isRestated = comparePositions(version.position, this.position) === 0;
    this.position = version.position;
    this.state = version.state;
    this.clock = version.clock;
    this.changedAtMs = nowMs;
    this.json = null;
    this.newest = version;
    this.versions.push(version);
    if (this.versions.length > ring) this.versions.shift();
  }

  /** Versions are missing before the next one: memory reaches no further back than that. */
  forgetVersions(): void {
    this.versions.length = 0;
  }

  takeClock(clock: MatchClock): void {
    this.clock = clock;
    this.json = null;
  }

  /**
   * @param nowMs by the scheduler's monotonic clock
   * @returns the lists that are others than before
   */
  takeBeside(beside: BesideVersions, nowMs: number): Partial<MatchDetails> {
    const before = this.details;
    const { cards, substitutions, predictions } = beside.details;
    const changed = {
      ...(isSame(before.cards, cards) ? undefined : { cards }),
      ...(isSame(before.substitutions, substitutions) ? undefined : { substitutions }),
      ...(isSame(before.predictions, predictions) ? undefined : { predictions }),
    };
    if (this.beside && Object.keys(changed).length > 0) this.detailsChangedAtMs = nowMs;
    this.beside = beside;
    this.json = null;
    return changed;
  }

  /** Every version after that position, in order; null when memory does not reach back so far. */
  versionsAfter(position: Position): readonly VersionTold[] | null {
    if (comparePositions(this.position, position) === 0) return [];
    const first = this.versions.findIndex(({ previous }) => comparePositions(previous, position) === 0);
    return first < 0 ? null : this.versions.slice(first);
  }
}

function isSame(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b);
}
