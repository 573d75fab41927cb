import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Scheduler } from '../../../kernel/scheduler.js';
import type { SubscribeMessage } from '../../ports/match-frames.js';
import { MessageRefused } from '../../ports/message-pipeline.js';
import { Allowance } from './allowance.js';
import type { WsClient } from './ws-client.js';

/** Of the answers to one client. What is beyond it is owed, so one answer may be longer. */
const BYTES_PER_SECOND = 65_536;
const BYTES_AT_ONCE = 1_048_576;
/** Names that a client is answered however much it was answered before. */
const FEW_NAMES = 10;
/** What looking a match up costs beside the bytes of the answer. */
const NAME_COST_BYTES = 256;
/** Of the answers to all, before everybody else gets a turn of the event loop. */
const BYTES_PER_TURN = 1_048_576;

/**
 * Bounds what SUBSCRIBE costs: a message of 30 bytes may be answered by the state of every match. Each client has an allowance
 * of answered bytes; one that owes may ask for a few matches, and is refused more. Answers of all clients together leave
 * room for others: after 1 MiB the next ones wait for a turn of the event loop.
 */
export class AnswerAllowance {
  private readonly ofClients = new WeakMap<WsClient, Allowance>();
  private leftInTurn = BYTES_PER_TURN;
  private turn: Promise<void> | null = null;

  constructor(private readonly scheduler: Scheduler) {}

  /** @throws MessageRefused */
  admit(client: WsClient, message: SubscribeMessage): void {
    if (asksForFew(message)) return;
    const allowance = this.ofClients.get(client);
    if (!allowance || allowance.available(this.scheduler.monotonicMs()) > 0) return;
    throw new MessageRefused('REFUSED', 'Too much was asked for in a short time; ask again later');
  }

  /**
   * Answers when there is room in the turn of the event loop.
   * @param names of matches that were looked up
   * @param answer writes the answer. @returns its bytes
   */
  async inTurn(client: WsClient, names: number, answer: () => number): Promise<void> {
    while (this.leftInTurn <= 0) await this.nextTurn();
    const bytes = answer();
    this.leftInTurn -= bytes;
    this.allowanceOf(client).spend(bytes + names * NAME_COST_BYTES);
  }

  private nextTurn(): Promise<void> {
    this.turn ??= nextTurn().then(() => {
      this.turn = null;
      this.leftInTurn = BYTES_PER_TURN;
    });
    return this.turn;
  }

  private allowanceOf(client: WsClient): Allowance {
    const known = this.ofClients.get(client);
    if (known) return known;
    const made = new Allowance(BYTES_PER_SECOND, BYTES_AT_ONCE, this.scheduler.monotonicMs());
    this.ofClients.set(client, made);
    return made;
  }
}

function asksForFew({ all, competitions, matches = [], since = {}, replay }: SubscribeMessage): boolean {
  if (all || competitions || replay) return false;
  return matches.length + Object.keys(since).length <= FEW_NAMES;
}
