import type { ChangeFrame, ClockFrame, DetailsFrame, MatchView, ProvenState } from '../broadcast/ports/match-frames.js';
import type { Listeners } from './listeners.js';
import type { LiveEvents, MatchNews } from './live-events.js';

/** Positions of one match whose goals are remembered as told. */
const MOST_TOLD = 100;
const MOST_MATCHES = 5_000;
const NO_DETAILS = { competitionId: null, cards: [], substitutions: [], predictions: [] } as const;

interface Held {
  readonly view: MatchView;
  /**
   * position to ask from: the older one where changes were missed until the server has answered, none where the lists
   * beside the position never came
   */
  from: string | undefined;
  /** its position is not continued from: whatever comes next replaces it */
  isLost?: boolean;
  /** positions whose goals were told */
  readonly told: Set<string>;
}

/** Who is told what happened. */
export type Teller = Pick<Listeners<LiveEvents>, 'tell'>;

/** Who uses a store. */
export interface StoreUser {
  /** A match is held, another one, or held no more. */
  changed(matchId: string): void;
  /** What stands beside the position of a match is not known. */
  askAgain(matchId: string): void;
}

/**
 * The store holds the newest state of each match. A view is never changed, only replaced as a whole, its position with its
 * score; it goes back to an older position only when the server says that the one held cannot be continued from.
 */
export class MatchStore {
  readonly #byId = new Map<string, Held>();
  #all: readonly MatchView[] | null = null;
  readonly #events: Teller;
  readonly #user: StoreUser;

  constructor(events: Teller, user: StoreUser) {
    this.#events = events;
    this.#user = user;
  }

  get(matchId: string): MatchView | undefined {
    return this.#byId.get(matchId)?.view;
  }

  /** The same list until something changes. */
  all(): readonly MatchView[] {
    this.#all ??= Array.from(this.#byId.values(), ({ view }) => view);
    return this.#all;
  }

  /** The position to ask from; undefined: the match is needed whole. */
  positionOf(matchId: string): string | undefined {
    return this.#byId.get(matchId)?.from;
  }

  /** Nothing is continued from any more. What is shown stays until something newer comes. */
  losePositions(): void {
    for (const held of this.#byId.values()) {
      held.isLost = true;
      held.from = undefined;
    }
  }

  /** The server has sent all that was missed since these positions. */
  settle(since: Readonly<Record<string, string>>): void {
    for (const matchId in since) {
      const held = this.#byId.get(matchId);
      if (held?.from === since[matchId]) held!.from = held!.view.position;
    }
  }

  keepOnly(isKept: (match: MatchView) => boolean): void {
    for (const match of this.all()) if (!isKept(match)) this.#remove(match.matchId);
  }

  /** @param isRefused the server could not continue from the position that was asked from */
  snapshot(view: MatchView, isRefused: boolean): void {
    const had = this.#byId.get(view.matchId);
    const isReset = had && (had.isLost || isRefused);
    if (had && !isReset && order(view, had.view) < 0) return;
    this.#put({ ...NO_DETAILS, ...view }, view.position, isReset ? 'reset' : 'snapshot');
    if (isReset) this.#tellGap(had.view, view, 'reset');
  }

  change(frame: ChangeFrame): void {
    const { type, timestamp, previous, events, committedAt, catchUp, replayed, conflated, restated, ...proven } = frame;
    const had = this.#byId.get(frame.matchId);
    const newer = had && !had.isLost ? order(frame, had.view) : 1;
    const isApplied = newer > 0 || (newer === 0 && restated);
    if (isApplied) {
      const held = had?.view;
      const isWhole = had?.from === held?.position && (newer === 0 || previous === held?.position);
      const view = { ...NO_DETAILS, ...held, ...proven };
      this.#put(view, isWhole ? frame.position : had?.from, had?.isLost ? 'reset' : 'change', frame);
      if (newer > 0 && previous !== held?.position) this.#missed(had, frame);
    }
    if (isApplied || replayed) this.#tellGoals(frame);
  }

  /** Lists beside the position; those that are not named stay. */
  details(frame: DetailsFrame): void {
    const held = this.#byId.get(frame.matchId);
    if (!held) return;
    const { view, from } = held;
    const { cards = view.cards, substitutions = view.substitutions, predictions = view.predictions } = frame;
    this.#put({ ...view, cards, substitutions, predictions }, from, 'details');
  }

  /** A clock of a newer position: its change was missed. */
  clock(frame: ClockFrame): void {
    const held = this.#byId.get(frame.matchId);
    if (!held || held.isLost) return;
    const newer = order(frame, held.view);
    if (newer === 0) this.#put({ ...held.view, clock: frame.clock }, held.from, 'clock');
    if (newer > 0) this.#missed(held, frame);
  }

  #missed(had: Held | undefined, now: Pick<ProvenState, 'matchId' | 'position'>): void {
    if (had) this.#tellGap(had.view, now, had.isLost ? 'reset' : 'missed');
    this.#user.askAgain(now.matchId);
  }

  #tellGap(
    had: MatchView,
    { matchId, position }: Pick<ProvenState, 'matchId' | 'position'>,
    cause: 'missed' | 'reset',
  ) {
    if (had.position !== position) this.#events.tell('gap', { matchId, had: had.position, position, cause });
  }

  #put(view: MatchView, from: string | undefined, cause: MatchNews['cause'], frame?: ChangeFrame): void {
    checkProven(view);
    const { matchId } = view;
    const had = this.#byId.get(matchId);
    // at the end: those unchanged for longest come first
    this.#byId.delete(matchId);
    this.#byId.set(matchId, { view: Object.freeze(view), from, told: had?.told ?? new Set() });
    if (this.#byId.size > MOST_MATCHES) this.#remove(this.#byId.keys().next().value!);
    this.#all = null;
    this.#user.changed(matchId);
    if (had)
      this.#tellNews({ match: view, previous: had.view, cause, events: frame?.events ?? [], late: isLate(frame) });
  }

  #remove(matchId: string): void {
    this.#byId.delete(matchId);
    this.#all = null;
    this.#user.changed(matchId);
  }

  #tellNews(news: MatchNews): void {
    const { match, previous } = news;
    if (match.homeScore !== previous.homeScore || match.awayScore !== previous.awayScore)
      this.#events.tell('score', news);
    if (match.statusId !== previous.statusId) this.#events.tell('state', news);
    if (isOther(match.clock, previous.clock)) this.#events.tell('clock', news);
    // what was never told is no news
    if (previous.predictions !== NO_DETAILS.predictions) this.#tellPredictions(news);
  }

  #tellPredictions({ match, previous: { predictions } }: MatchNews): void {
    for (const prediction of match.predictions) {
      const previous = predictions.find(({ predictionId }) => predictionId === prediction.predictionId);
      if (isOther(prediction, previous)) this.#events.tell('prediction', { match, prediction, previous });
    }
  }

  #tellGoals(frame: ChangeFrame): void {
    const { matchId, position, events } = frame;
    const held = this.#byId.get(matchId);
    if (!held || held.told.has(position)) return;
    held.told.add(position);
    if (held.told.size > MOST_TOLD) held.told.delete(held.told.keys().next().value!);
    for (const goal of events) {
      if (goal.type === 'goal') {
        this.#events.tell('goal', { match: held.view, goal, position, late: isLate(frame) });
      }
    }
  }
}

/** Positive when `a` is newer, 0 when they are the same. */
function order({ position: a }: Pick<ProvenState, 'position'>, { position: b }: Pick<ProvenState, 'position'>): number {
  const [epochA = 0, versionA = 0] = a.split('.').map(Number);
  const [epochB = 0, versionB = 0] = b.split('.').map(Number);
  return epochA - epochB || versionA - versionB;
}

/** @throws TypeError when the frame is none of this protocol */
function checkProven({ position, statusId, homeScore, awayScore, clock }: MatchView): void {
  const isProven = /^\d+\.\d+$/.test(position) && [statusId, homeScore, awayScore].every(Number.isInteger) && clock;
  if (!isProven) throw new TypeError();
}

function isLate(frame: ChangeFrame | undefined): boolean {
  return Boolean(frame?.catchUp ?? frame?.replayed);
}

function isOther(a: unknown, b: unknown): boolean {
  return a !== b && JSON.stringify(a) !== JSON.stringify(b);
}
