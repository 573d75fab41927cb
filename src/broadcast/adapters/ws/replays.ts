import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../kernel/clock.js';
import { pause, within } from '../../../kernel/deadline.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { MatchBoard } from '../../board/match-board.js';
import { changeFrame } from '../../ports/match-frame-of.js';
import { MessageRefused } from '../../ports/message-pipeline.js';
import { comparePositions, type Position, positionText } from '../../ports/position.js';
import type { VersionTold } from '../../ports/told.js';
import type { After, VersionHistory } from '../../ports/version-history.js';
import { jsonFrame } from './ws-frame.js';

/** Frames that are made in one turn of the event loop. */
const FRAMES_PER_TURN = 100;
/** What is replayed to all clients together, per place: a client with many frames waits for its answer that much longer. */
const FRAMES_PER_MS = 5;
/** Clients that are served at the same time: what they missed is in memory meanwhile. */
const MOST_AT_ONCE = 2;
/** For a place, and for the journal. */
const MOST_WAIT_MS = 3_000;

export type Since = ReadonlyMap<string, Position>;

/** What a client missed, as far as it is known before the answer is made. */
export interface Replay {
  /** where memory does not reach back so far */
  readonly journaled: ReadonlyMap<string, readonly VersionTold[]> | null;
  readonly frames: ReadonlyMap<VersionTold, Buffer>;
}

export const NO_REPLAY: Replay = { journaled: null, frames: new Map() };

export interface ReplayParts {
  readonly board: MatchBoard;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly history?: VersionHistory | undefined;
}

/**
 * Serves clients that want every missed version. One message may ask for thousands: they are read and encoded for two clients at a
 * time, a hundred in a turn of the event loop, 10,000 a second. Who gets no place within 3 s is to ask again.
 */
export class Replays {
  private free = MOST_AT_ONCE;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly parts: ReplayParts) {}

  /**
   * @param answer called while the client has its place
   * @throws MessageRefused
   */
  async serve(since: Since, answer: (replay: Replay) => Promise<void>): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await this.turn();
    try {
      const journaled = await this.journaled(since);
      const frames = await this.frames(since, journaled);
      await pause(frames.size / FRAMES_PER_MS, this.parts.scheduler);
      await answer({ journaled, frames });
    } finally {
      this.passOn();
    }
  }

  /** Waits until somebody else's turn is over, and takes over the place. */
  private turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        cancel();
        resolve();
      };
      const cancel = this.parts.scheduler.after(MOST_WAIT_MS, () => {
        this.waiting.delete(begin);
        reject(new MessageRefused('UNAVAILABLE', 'Too many ask for what they missed; ask again'));
      });
      this.waiting.add(begin);
    });
  }

  private passOn(): void {
    const [next] = this.waiting;
    if (!next) {
      this.free += 1;
      return;
    }
    this.waiting.delete(next);
    next();
  }

  private async journaled(since: Since): Promise<Replay['journaled']> {
    const { history, scheduler } = this.parts;
    const wanted = history ? [...since].flatMap(([matchId, after]) => this.beyondMemory(matchId, after)) : [];
    if (!history || wanted.length === 0) return null;
    const journaled = await within(history.after(wanted), MOST_WAIT_MS, scheduler).catch(() => null);
    if (!journaled) throw new MessageRefused('UNAVAILABLE', 'The journal cannot be read now; ask again');
    return journaled;
  }

  private beyondMemory(matchId: string, after: Position): readonly After[] {
    const entry = this.parts.board.get(matchId);
    const isBehind = entry?.position.epoch === after.epoch && after.version < entry.position.version;
    return isBehind && entry.versionsAfter(after) === null ? [{ matchId, after }] : [];
  }

  private async frames(since: Since, journaled: Replay['journaled']): Promise<Replay['frames']> {
    const frames = new Map<VersionTold, Buffer>();
    for (const [matchId, after] of since) {
      const versions = this.parts.board.get(matchId)?.versionsAfter(after) ?? journaled?.get(matchId) ?? [];
      for (const told of versions) {
        if (frames.size % FRAMES_PER_TURN === FRAMES_PER_TURN - 1) await nextTurn();
        frames.set(told, replayedFrame(told, this.parts.clock.nowMs()));
      }
    }
    return frames;
  }
}

export function replayedFrame(told: VersionTold, nowMs: number): Buffer {
  const restated = comparePositions(told.previous, told.position) === 0;
  return jsonFrame(changeFrame(told, positionText(told.previous), { replayed: true, restated }, nowMs));
}
