import { Injectable } from '@nestjs/common';
import type { DeadLetter, DeadLetterReason } from '../../../contracts/dead-letter-sink.js';
import { Database } from '../../../postgres/database.js';
import {
  DeadLetterStore,
  type LetterBounds,
  type LetterRef,
  type StoredLetter,
  type Trimmed,
} from '../../ports/dead-letter-store.js';
import {
  CLAIM_REDRIVES,
  INSERT_LETTERS,
  KEEP_LETTERS,
  READ_PARKED,
  REMOVE_LETTERS,
  RESOLVE_MATCHES,
  SET_ASIDE,
  TRIM_LETTERS,
} from './dead-letter-statements.js';

@Injectable()
export class PgDeadLetterStore extends DeadLetterStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async insert(letters: readonly DeadLetter[]): Promise<void> {
    const parked = letters.filter(({ reason }) => reason === 'unknown-match');
    if (parked.length > 0) await this.setAside(parked);
    await this.database.query(INSERT_LETTERS, [
      letters.map(({ reason }) => reason),
      letters.map(({ detail }) => detail),
      letters.map(({ matchId }) => matchId),
      letters.map(({ topic }) => topic),
      letters.map(({ payload }) => asBuffer(payload)),
      letters.map(({ receivedAtMs }) => receivedAtMs),
    ]);
  }

  /** A commit of its own: when the next one fails, nothing is lost and nothing is there twice. */
  private async setAside(newer: readonly DeadLetter[]): Promise<void> {
    await this.database.query(SET_ASIDE, [
      newer.map(({ matchId }) => matchId),
      newer.map(({ detail }) => detail),
      newer.map(({ receivedAtMs }) => receivedAtMs),
    ]);
  }

  override async resolve(matches: readonly { readonly matchId: string; readonly notAfterMs: number }[]): Promise<void> {
    await this.database.query(RESOLVE_MATCHES, [
      matches.map(({ matchId }) => matchId),
      matches.map(({ notAfterMs }) => notAfterMs),
    ]);
  }

  override async remove(letters: readonly LetterRef[]): Promise<void> {
    await this.database.query(REMOVE_LETTERS, meant(letters));
  }

  override async keep(letters: readonly (LetterRef & { readonly detail: string })[]): Promise<void> {
    await this.database.query(KEEP_LETTERS, [...meant(letters), letters.map(({ detail }) => detail)]);
  }

  override async trim(reason: DeadLetterReason, limit: LetterBounds, target: LetterBounds): Promise<Trimmed> {
    const values = [reason, limit.rows, limit.bytes, target.rows, target.bytes];
    const [trimmed] = await this.database.query<Trimmed>(TRIM_LETTERS, values);
    return trimmed ?? { evicted: 0, rows: 0, bytes: 0 };
  }

  override parked(receivedSinceMs: number, afterId: string): Promise<readonly StoredLetter[]> {
    return this.database.query(READ_PARKED, [receivedSinceMs, afterId]);
  }

  override async claimRedrives(): Promise<readonly StoredLetter[]> {
    const claimed = await this.database.query<StoredLetter>(CLAIM_REDRIVES, []);
    return claimed.toSorted((a, b) => a.receivedAtMs - b.receivedAtMs || Number(a.id) - Number(b.id));
  }
}

function meant(letters: readonly LetterRef[]): readonly unknown[] {
  return [letters.map(({ id }) => id), letters.map(({ receivedAtMs }) => receivedAtMs)];
}

/** The driver writes only buffers as bytes. */
function asBuffer(payload: Uint8Array): Buffer {
  return Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
}
