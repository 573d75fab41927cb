import type { ChangeFrame, MatchView, ServerFrame, SubscribeMessage } from '../../src/broadcast/ports/match-frames.js';
import { comparePositions, readPosition } from '../../src/broadcast/ports/position.js';
import type { FakeWebSocket } from './fake-web-socket.js';
import { changeFrame, matchView, snapshotFrame } from './frames.js';

/** Negative when `a` is older. */
export function comparePositionTexts(a: string, b: string): number {
  const [left, right] = [readPosition(a), readPosition(b)];
  if (!left || !right) throw new Error(`No positions: ${a}, ${b}`);
  return comparePositions(left, right);
}

/** A position, with the one that the change continues; null: it was in a snapshot. */
export interface Told {
  readonly position: string;
  readonly previous: string | null;
}

/** A server of protocol 2 whose connection loses, repeats and joins what a test says. It answers questions as it should. */
export class FakeLiveServer {
  /** every version of each match, the newest last */
  readonly history = new Map<string, ChangeFrame[]>();
  /** The newest position of each match that was told. */
  readonly newestTold = new Map<string, string>();
  readonly #lastTold = new Map<string, Told>();
  #socket: FakeWebSocket | null = null;
  #answered = 0;

  newest(matchId: string): ChangeFrame | undefined {
    return this.history.get(matchId)?.at(-1);
  }

  /** Commits a version; nobody is told yet. */
  commit(matchId: string, { isGoal, isNewEpoch }: { isGoal: boolean; isNewEpoch: boolean }): ChangeFrame {
    const before = this.newest(matchId);
    const { epoch, version } = readPosition(before?.position) ?? { epoch: 1, version: 0 };
    const position = isNewEpoch ? `${epoch + 1}.1` : `${epoch}.${version + 1}`;
    const homeScore = (before?.homeScore ?? 0) + (isGoal ? 1 : 0);
    const score = { homeScore, awayScore: 0 };
    const goal = { type: 'goal', side: 'home', ...score, time: null, playerId: null, playerName: null } as const;
    const frame = changeFrame(before?.position ?? `${epoch}.0`, position, {
      matchId,
      ...score,
      receivedAt: version,
      events: isGoal ? [goal, { type: 'score-changed', ...score }] : [],
    });
    this.history.set(matchId, [...(this.history.get(matchId) ?? []), frame]);
    return frame;
  }

  /** Serves this connection from now on. */
  serve(socket: FakeWebSocket): void {
    this.#socket = socket;
    this.#answered = 0;
    this.tell({ type: 'WELCOME', protocol: 2, pingIntervalMs: 15_000, timestamp: 1 });
    this.answer();
  }

  tell(...frames: readonly object[]): void {
    for (const frame of frames as ServerFrame[]) {
      if (frame.type === 'CHANGE') this.#note(frame);
      if (frame.type === 'SNAPSHOT') for (const view of frame.matches) this.#note({ ...view, previous: null });
      this.#socket?.tell(frame);
    }
  }

  /** What was told of a match last. */
  lastTold(matchId: string): Told | undefined {
    return this.#lastTold.get(matchId);
  }

  #note({ matchId, position, previous }: Told & { readonly matchId: string }): void {
    this.#lastTold.set(matchId, { position, previous });
    const before = this.newestTold.get(matchId);
    if (before === undefined || comparePositionTexts(position, before) > 0) this.newestTold.set(matchId, position);
  }

  /** Answers all that was asked and is not answered yet. */
  answer(): void {
    const questions = (this.#socket?.messages ?? []).filter(({ type }) => type === 'SUBSCRIBE') as SubscribeMessage[];
    for (const question of questions.slice(this.#answered)) this.#answerTo(question);
    this.#answered = questions.length;
  }

  viewOf({ type, previous, events, committedAt, timestamp, replayed, conflated, ...proven }: ChangeFrame): MatchView {
    return { ...matchView(proven.position), ...proven };
  }

  #answerTo({ id, since = {}, matches, all, replay }: SubscribeMessage): void {
    const asked = [...this.history.keys()].filter((matchId) => all || matches?.includes(matchId));
    const behind = asked.filter((matchId) => since[matchId] !== this.newest(matchId)?.position);
    const isKnown = (matchId: string) =>
      since[matchId] === undefined || this.history.get(matchId)?.some(({ position }) => position === since[matchId]);
    const epochOf = (position = '') => position.split('.')[0];
    const goesOn = (matchId: string) =>
      isKnown(matchId) &&
      (since[matchId] === undefined || epochOf(since[matchId]) === epochOf(this.newest(matchId)?.position));
    const views = behind.map((matchId) => this.viewOf(this.newest(matchId)!));
    this.tell(snapshotFrame(views, { ...(id !== undefined && { id }), recovered: asked.every(goesOn) }));
    if (replay) for (const matchId of behind.filter(goesOn)) this.#replay(matchId, since[matchId]);
  }

  #replay(matchId: string, since: string | undefined): void {
    if (since === undefined) return;
    const missed = (this.history.get(matchId) ?? []).filter(
      ({ position }) => comparePositionTexts(position, since) > 0,
    );
    this.tell(...missed.map((frame) => ({ ...frame, replayed: true })));
  }
}
