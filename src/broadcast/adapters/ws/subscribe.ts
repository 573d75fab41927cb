import type { Clock } from '../../../kernel/clock.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { BoardEntry } from '../../board/board-entry.js';
import { owedTo } from '../../board/resume.js';
import type { BoardParts } from '../../board-parts.js';
import { GatheredCatchUps } from '../../gathered-catch-ups.js';
import { detailsFrame } from '../../ports/match-frame-of.js';
import type { SubscribeMessage } from '../../ports/match-frames.js';
import { MessageRefused } from '../../ports/message-pipeline.js';
import { comparePositions, type Position, readPosition } from '../../ports/position.js';
import { AnswerAllowance } from './answer-allowance.js';
import { NO_REPLAY, type Replay, Replays, replayedFrame, type Since } from './replays.js';
import { type Owed, SameAnswer } from './same-answer.js';
import { SnapshotEncoder } from './snapshot-frame.js';
import type { WsClient } from './ws-client.js';
import type { WsClients } from './ws-clients.js';
import { joined, jsonFrame } from './ws-frame.js';

/** What a client waits for its answer, while the database cannot be asked. */
const MOST_WAIT_MS = 3_000;
const CANNOT_READ = 'The matches cannot be read now; ask again';
/** Lists that changed within this time are sent to who resumes. */
const DETAILS_FRESH_MS = 600_000;

export interface SubscriptionParts {
  readonly clients: WsClients;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** sends what was told before, so that nothing follows the answer that is in it */
  readonly flush: () => void;
  readonly maxSubscriptions: number;
}

/** The matches that a message names, and the positions that it tells of them. */
interface Named {
  readonly message: SubscribeMessage;
  readonly since: Since;
  readonly ids: readonly string[];
}

/** What is known of a message before it is answered. */
interface Known {
  readonly since: Since;
  readonly replay: Replay;
  /** how many matches were looked up */
  readonly names: number;
}

/**
 * Answers SUBSCRIBE. What memory does not have is read first; then position and state are taken, the answer is written and the
 * subscription begins in one turn, so that every later change, and no earlier one, follows the answer.
 */
export class Subscribe {
  private readonly allowance: AnswerAllowance;
  private readonly replays: Replays;
  private readonly catchUps: GatheredCatchUps;
  private readonly snapshots = new SnapshotEncoder();
  private readonly same: SameAnswer;
  private newest: Named | null = null;

  constructor(
    private readonly matches: BoardParts,
    private readonly parts: SubscriptionParts,
  ) {
    const { board, feed, history } = matches;
    const { clock, scheduler } = parts;
    this.allowance = new AnswerAllowance(scheduler);
    this.same = new SameAnswer(board, scheduler);
    this.replays = new Replays({ board, history, clock, scheduler });
    this.catchUps = new GatheredCatchUps(feed, scheduler);
  }

  /** Nobody who waits is answered any more. */
  close(): void {
    this.catchUps.close();
  }

  /** @throws MessageRefused */
  async run(client: WsClient, message: SubscribeMessage): Promise<void> {
    const { clients, maxSubscriptions } = this.parts;
    if (clients.audience.countWith(client, message) > maxSubscriptions) {
      throw new MessageRefused('TOO_MANY_SUBSCRIPTIONS', `At most ${maxSubscriptions} matches and competitions`);
    }
    this.allowance.admit(client, message);
    const { since, ids } = this.named(message);
    await this.read(ids, Boolean(message.all ?? message.competitions));
    await this.catchUp(since);
    const answer = (replay: Replay) => this.tell(client, message, { since, replay, names: ids.length });
    if (message.replay) await this.replays.serve(since, answer);
    else await answer(NO_REPLAY);
  }

  /** Those who come back together may have said the same: then it is the same message. */
  private named(message: SubscribeMessage): Named {
    if (this.newest?.message === message) return this.newest;
    const since = positionsIn(message);
    const ids = message.matches ? [...new Set([...message.matches, ...since.keys()])] : [...since.keys()];
    this.newest = { message, since, ids };
    return this.newest;
  }

  private tell(client: WsClient, message: SubscribeMessage, { since, replay, names }: Known): Promise<void> {
    const { clients } = this.parts;
    return this.allowance.inTurn(client, names, () => {
      if (!client.isOpen) return 0;
      this.parts.flush();
      const answer = this.answer(client, message, since, replay);
      clients.answer(client, answer);
      clients.audience.add(client, message);
      return answer.length;
    });
  }

  private async read(ids: readonly string[], many: boolean): Promise<void> {
    const { reader } = this.matches;
    const isReady = !many || (await reader.ready(MOST_WAIT_MS));
    if (isReady && (await reader.want(ids, MOST_WAIT_MS))) return;
    throw new MessageRefused('UNAVAILABLE', CANNOT_READ);
  }

  /** Another process may have told the client more than this one was told yet. */
  private async catchUp(since: Since): Promise<void> {
    const { board } = this.matches;
    const isAhead = (id: string, position: Position) => {
      const entry = board.peek(id);
      return entry !== undefined && comparePositions(position, entry.position) > 0;
    };
    const ahead: [string, Position][] = [];
    since.forEach((position, id) => {
      if (isAhead(id, position)) ahead.push([id, position]);
    });
    if (ahead.length === 0) return;
    const answered = await Promise.all(ahead.map(([id]) => this.catchUps.look(id)));
    // nobody is sent back because nobody could be asked
    if (ahead.some(([id, position], n) => !answered[n] && isAhead(id, position)))
      throw new MessageRefused('UNAVAILABLE', CANNOT_READ);
  }

  private answer(client: WsClient, message: SubscribeMessage, since: Since, replay: Replay): Buffer {
    const nowMs = this.parts.clock.nowMs();
    const judge = () => this.owed(client, message, since, replay, nowMs);
    const { further, ...snapshot } = this.same.owedTo(client, message, judge);
    return joined([this.snapshots.frame({ id: message.id, ...snapshot }, nowMs), ...further]);
  }

  private owed(client: WsClient, message: SubscribeMessage, since: Since, replay: Replay, nowMs: number): Owed {
    // a client that comes back may have missed lists that changed since then
    const freshFromMs = this.parts.scheduler.monotonicMs() - DETAILS_FRESH_MS;
    const entries: BoardEntry[] = [];
    const further: Buffer[] = [];
    let recovered = true;
    for (const entry of this.selected(client, message, since)) {
      const { matchId } = entry;
      client.backlog?.forget(matchId);
      const owed = owedTo(entry, since.get(matchId) ?? null, message.replay ?? false, replay.journaled?.get(matchId));
      if (owed.kind === 'state') {
        entries.push(entry);
        recovered &&= owed.recovered;
      }
      if (owed.kind === 'versions') {
        further.push(...owed.versions.map((told) => replay.frames.get(told) ?? replayedFrame(told, nowMs)));
      }
      // the position does not tell whether the client has the lists beside it
      if (
        (owed.kind === 'versions' && entry.isComplete) ||
        (owed.kind === 'nothing' && entry.detailsChangedAtMs >= freshFromMs)
      ) {
        further.push(jsonFrame(detailsFrame(matchId, entry.details, nowMs)));
      }
    }
    const unknown = (message.matches ?? []).filter((id) => !this.matches.board.get(id));
    return { entries, further, recovered, unknown };
  }

  /** A match that the client follows already is answered only where it is named. */
  private selected(client: WsClient, message: SubscribeMessage, since: Since): Iterable<BoardEntry> {
    const { board } = this.matches;
    const { matches = [], competitions = [], all } = message;
    const selected = new Set<BoardEntry>();
    for (const id of [...matches, ...since.keys()]) {
      const entry = board.get(id);
      if (entry) selected.add(entry);
    }
    if (!all && competitions.length === 0) return selected;
    const wanted = new Set(competitions);
    for (const entry of board.current()) {
      const isWanted = all || (entry.competitionId !== null && wanted.has(entry.competitionId));
      if (isWanted && !client.follows(entry)) selected.add(entry);
    }
    return selected;
  }
}

function positionsIn({ since = {} }: SubscribeMessage): Since {
  const positions = new Map<string, Position>();
  for (const matchId of Object.keys(since)) {
    const position = readPosition(since[matchId]);
    if (!position) throw new MessageRefused('BAD_MESSAGE', '"since" must name positions, as "1.17"');
    positions.set(matchId, position);
  }
  return positions;
}
