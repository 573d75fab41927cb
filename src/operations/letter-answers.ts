import { Injectable, Optional } from '@nestjs/common';
import {
  LETTER_REASONS,
  LetterDesk,
  type LetterSelection,
  type ListedLetter,
  type OpenedLetter,
} from '../dead-letters/ports/letter-desk.js';
import { Scheduler } from '../kernel/scheduler.js';
import type { DeadLetterAnswer, DeadLettersAnswer, LetterStored } from './facts.js';
import { RefusedError } from './operations.errors.js';
import { SharedQuestions } from './shared-questions.js';

const MOST = 100;
const MOST_TEXT_BYTES = 65_536;
const LONGEST_MATCH = 255;
const [BAD_REQUEST, NOT_FOUND] = [400, 404] as const;
const MAX_ID = 9_223_372_036_854_775_807n;

/** The kept letters, and one of them with its message. */
@Injectable()
export class LetterAnswers {
  private readonly lists: SharedQuestions<readonly ListedLetter[]>;
  private readonly opened: SharedQuestions<OpenedLetter | null>;

  constructor(
    scheduler: Scheduler,
    @Optional() private readonly desk?: LetterDesk,
  ) {
    this.lists = new SharedQuestions(scheduler);
    this.opened = new SharedQuestions(scheduler);
  }

  /** @throws RefusedError */
  async list(query: unknown): Promise<DeadLettersAnswer> {
    const { reason, match, before } = (query ?? {}) as Readonly<Record<string, unknown>>;
    const beforeId = given(before) ? letterId('before', before) : null;
    const selection: LetterSelection = {
      ...(given(reason) && { reason: letterReason('reason', reason) }),
      ...(given(match) && { matchId: matchText(match) }),
    };
    const key = JSON.stringify([selection.reason, selection.matchId, beforeId]);
    const letters = await this.lists.ask(key, async () => (await this.desk?.list(selection, MOST, beforeId)) ?? []);
    return { letters: letters.map(toStored) };
  }

  /** @throws RefusedError */
  async one(id: string): Promise<DeadLetterAnswer> {
    const asked = letterId('id', id);
    const letter = await this.opened.ask(asked, async () => (await this.desk?.open(asked)) ?? null);
    if (!letter) throw new RefusedError(NOT_FOUND, 'LIVESCORE_NO_LETTER', `there is no dead letter ${id}`);
    const text = letter.payload.subarray(0, MOST_TEXT_BYTES).toString('utf8');
    return { ...toStored(letter), text, isTextWhole: letter.payload.length <= MOST_TEXT_BYTES };
  }
}

/** The number of a letter. @throws RefusedError */
export function letterId(field: string, value: unknown): string {
  if (typeof value === 'string' && /^\d{1,19}$/.test(value) && BigInt(value) <= MAX_ID) return value;
  throw new RefusedError(BAD_REQUEST, 'LIVESCORE_INVALID_FIELD', `${field} must be the number of a letter`);
}

/** @throws RefusedError */
export function letterReason(field: string, value: unknown): (typeof LETTER_REASONS)[number] {
  const reason = LETTER_REASONS.find((known) => known === value);
  if (reason) return reason;
  const message = `${field} must be ${LETTER_REASONS.join(', ')}`;
  throw new RefusedError(BAD_REQUEST, 'LIVESCORE_INVALID_FIELD', message);
}

function matchText(value: unknown): string {
  if (typeof value === 'string' && value.length <= LONGEST_MATCH && !value.includes('\0')) return value;
  throw new RefusedError(BAD_REQUEST, 'LIVESCORE_INVALID_FIELD', 'match must be the id of a match');
}

function given(value: unknown): boolean {
  return value !== undefined && value !== '';
}

function toStored(letter: ListedLetter): LetterStored {
  const { id, reason, detail, matchId, topic, bytes, redrives } = letter;
  return {
    id,
    reason,
    detail,
    matchId,
    topic,
    bytes,
    receivedAtMs: letter.receivedAt.getTime(),
    redrives,
    isWaiting: letter.waiting,
  };
}
