import type { MatchView, Selection, ServerFrame, SnapshotFrame } from '../broadcast/ports/match-frames.js';
import { minuteOf, minuteText } from './clock-minute.js';
import { Connection, type Mode } from './connection.js';
import { Listeners } from './listeners.js';
import type { LiveClientOptions } from './live-client.options.js';
import type { ConnectionState, LiveEvents } from './live-events.js';
import { MatchStore } from './match-store.js';
import { ServerTime } from './server-time.js';
import { Subscriptions } from './subscriptions.js';

/** Who watches a match, or every match, stands beside those who hear events. */
type Watched = Record<` ${string}`, undefined>;
const ANY = ' ';

/** The shown minute is the minute of a match, and what stands beside its score. */
export interface ShownMinute {
  readonly minute: number | null;
  readonly text: string;
}

/**
 * A live client holds the newest state of the matches that it follows and tells what happens in them. It connects, resumes
 * and repairs what it missed by itself until it is stopped; a stopped client tells nothing.
 */
export class LiveClient {
  readonly #events = new Listeners<LiveEvents & Watched>();
  readonly #store: MatchStore;
  readonly #connection: Connection;
  readonly #subscriptions: Subscriptions;
  readonly #time: ServerTime;
  /** minutes that were shown, by match */
  readonly #shown = new Map<string, { readonly since: string; readonly minute: number | null }>();
  #mode: Mode = 'stopped';
  #state: ConnectionState = 'stopped';

  constructor(options: LiveClientOptions) {
    const { timers = globalThis, now = Date.now, select = {}, replay } = options;
    this.#time = new ServerTime(now);
    this.#store = new MatchStore(this.#events, {
      changed: (matchId) => this.#tellWatchers(matchId),
      askAgain: (matchId) => this.#subscriptions.askAgain(matchId),
    });
    this.#connection = new Connection(options, timers, now, {
      changed: (mode) => this.#changed(mode),
      frame: (frame) => this.#take(frame),
      closed: (isUnexpected) => this.#subscriptions.closed(isUnexpected),
      failed: (code, message) => this.#events.tell('error', { code, message }),
    });
    this.#subscriptions = new Subscriptions(this.#store, this.#connection, timers, replay);
    this.subscribe(select);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Connects; does nothing when it is started already. */
  start(): void {
    this.#events.isMuted = false;
    this.#connection.start();
  }

  /** Ends the connection and every timer. What is held stays, and is resumed from by the next `start`. */
  stop(): void {
    this.#events.isMuted = true;
    this.#connection.stop();
    this.#subscriptions.closed(false);
  }

  /** Follows more. What is named twice must be unsubscribed twice. */
  subscribe(selection: Selection): void {
    this.#subscriptions.add(selection);
  }

  /** Follows less, and forgets the matches that nothing asks for any more. */
  unsubscribe(selection: Selection): void {
    this.#subscriptions.remove(selection);
  }

  /** The newest state of a match: the same object until something of it changes. Undefined: not known, or not yet. */
  match(matchId: string): MatchView | undefined {
    return this.#store.get(matchId);
  }

  /** All that are held: the same list until something changes. */
  matches(): readonly MatchView[] {
    return this.#store.all();
  }

  /**
   * Calls the listener after each change of a match; null: of any match.
   * @returns what ends it
   */
  subscribeTo(matchId: string | null, listener: () => void): () => void {
    return this.#events.add(` ${matchId ?? ''}`, listener);
  }

  /** @returns what ends it */
  on<Name extends keyof LiveEvents>(event: Name, listener: (payload: LiveEvents[Name]) => void): () => void {
    return this.#events.add(event, listener);
  }

  /** The time of the server, unix ms, as far as its frames tell. */
  nowMs(): number {
    return this.#time.nowMs();
  }

  /** The minute of a match at this moment. It never goes back within a period whose kick-off stands. */
  minute(matchId: string): ShownMinute {
    const match = this.match(matchId);
    if (!match) return { minute: null, text: '—' };
    const { clock, statusId } = match;
    const since = `${clock.period}${clock.startedAt}`;
    const shown = this.#shown.get(matchId);
    const before = shown?.since === since ? shown.minute : null;
    const now = minuteOf(clock, this.nowMs());
    const minute = now === null || (before !== null && before > now) ? before : now;
    this.#shown.set(matchId, { since, minute });
    return { minute, text: minuteText(statusId, clock, minute) };
  }

  #tellWatchers(matchId: string): void {
    if (!this.match(matchId)) this.#shown.delete(matchId);
    this.#events.tell(` ${matchId}`, undefined);
    this.#events.tell(ANY, undefined);
  }

  #changed(mode: Mode): void {
    this.#mode = mode;
    if (mode === 'open') {
      this.#time.forget();
      this.#subscriptions.opened();
    }
    this.#tellState();
  }

  #tellState(): void {
    const state = this.#mode !== 'open' ? this.#mode : this.#subscriptions.isResumed ? 'live' : 'resuming';
    if (state === this.#state) return;
    this.#state = state;
    this.#events.tell('connection', { state });
  }

  #take(frame: ServerFrame): void {
    this.#time.hear(frame.timestamp);
    switch (frame.type) {
      case 'SNAPSHOT':
        this.#takeSnapshot(frame);
        break;
      case 'CHANGE':
        if (this.match(frame.matchId) || this.#subscriptions.isWanted(frame.matchId)) this.#store.change(frame);
        break;
      case 'DETAILS':
        this.#store.details(frame);
        break;
      case 'CLOCK':
        this.#store.clock(frame);
        break;
      case 'ERROR':
        this.#events.tell('error', frame);
        this.#subscriptions.failed(frame);
    }
    this.#tellState();
  }

  #takeSnapshot(frame: SnapshotFrame): void {
    const since = this.#subscriptions.answered(frame);
    if (!since) return;
    for (const view of frame.matches) {
      const { matchId, competitionId } = view;
      // one that nobody asked for says it of every match
      const isNamed = !frame.id || (matchId in since && since[matchId] === this.#store.positionOf(matchId));
      if (this.#subscriptions.isWanted(matchId, competitionId)) this.#store.snapshot(view, !frame.recovered && isNamed);
    }
  }
}

/** Makes a client; it connects when it is started. */
export function createLiveClient(options: LiveClientOptions): LiveClient {
  return new LiveClient(options);
}
