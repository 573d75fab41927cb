import type { DeadLetter, DeadLetterReason } from '../contracts/dead-letter-sink.js';
import {
  DeadLetterStore,
  type LetterBounds,
  type LetterRef,
  type StoredLetter,
  type Trimmed,
} from '../dead-letters/ports/dead-letter-store.js';

const PAGE_BYTES = 4 * 2 ** 20;
const PARKED_PER_MATCH = 8;

interface Row extends StoredLetter {
  /** order of the requests to redrive; null when nobody asked */
  readonly marked: number | null;
}

/** The store keeps dead letters in memory, with the promises of the table; statements fail as told. */
export class InMemoryDeadLetterStore extends DeadLetterStore {
  private rows: Row[] = [];
  private lastId = 0;
  private marks = 0;
  private readonly failures: (string | null)[] = [];
  private readonly refused = new Set<string>();
  private gate: Promise<void> = Promise.resolve();
  /** statements asked for, whatever came of them */
  statements = 0;

  /** In the order of their ids. */
  get letters(): readonly StoredLetter[] {
    return this.rows.map(({ marked: _marked, ...letter }) => letter);
  }

  /** The next statements fail, with an SQLSTATE or, without one, as a broken connection does. */
  fail({ code, times = 1 }: { readonly code: string | null; readonly times?: number }): void {
    for (let n = 0; n < times; n++) this.failures.push(code);
  }

  /** Statements succeed again. */
  heal(): void {
    this.failures.length = 0;
  }

  /** Statements begin when the returned function was called. */
  hold(): () => void {
    let release = (): void => {};
    this.gate = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  /** No letter of this topic can be inserted any more, nor any other of the same statement. */
  refuse(topic: string): void {
    this.refused.add(topic);
  }

  /** What an operator does who wants letters tried again. */
  mark(...ids: readonly string[]): void {
    const marked = ++this.marks;
    this.rows = this.rows.map((row) => (ids.includes(row.id) ? { ...row, marked } : row));
  }

  override async insert(letters: readonly DeadLetter[]): Promise<void> {
    await this.begin();
    if (letters.some(({ topic }) => this.refused.has(topic))) throw failure('22021');
    for (const letter of letters) this.insertOne(letter);
  }

  override async resolve(matches: readonly { readonly matchId: string; readonly notAfterMs: number }[]): Promise<void> {
    await this.begin();
    const limits = new Map(matches.map(({ matchId, notAfterMs }) => [matchId, notAfterMs]));
    this.rows = this.rows.filter(({ reason, matchId, receivedAtMs }) => {
      const limit = reason === 'unknown-match' && matchId !== null ? limits.get(matchId) : undefined;
      return limit === undefined || receivedAtMs > limit;
    });
  }

  override async remove(letters: readonly LetterRef[]): Promise<void> {
    await this.begin();
    this.rows = this.rows.filter((row) => !letters.some((letter) => isMeant(row, letter)));
  }

  override async keep(letters: readonly (LetterRef & { readonly detail: string })[]): Promise<void> {
    await this.begin();
    this.rows = this.rows.map((row) => {
      const told = letters.find((letter) => isMeant(row, letter));
      return told ? { ...row, detail: told.detail } : row;
    });
  }

  override async trim(reason: DeadLetterReason, limit: LetterBounds, target: LetterBounds): Promise<Trimmed> {
    await this.begin();
    const newest = this.rows.filter((row) => row.reason === reason).sort((a, b) => byReceipt(b, a));
    const isOver = newest.length > limit.rows || bytesOf(newest) > limit.bytes;
    let bytes = 0;
    const surplus = newest.filter(({ payload }, n) => {
      bytes += payload.length;
      return isOver && (n >= target.rows || bytes > target.bytes);
    });
    const evicted = new Set(surplus.slice(-5_000));
    this.rows = this.rows.filter((row) => !evicted.has(row));
    const left = newest.filter((row) => !evicted.has(row));
    return { evicted: evicted.size, rows: left.length, bytes: bytesOf(left) };
  }

  override async parked(receivedSinceMs: number, afterId: string): Promise<readonly StoredLetter[]> {
    await this.begin();
    const parked = this.letters.filter(
      ({ id, reason, receivedAtMs }) =>
        reason === 'unknown-match' && Number(id) > Number(afterId) && receivedAtMs >= receivedSinceMs,
    );
    return page(parked, 200);
  }

  override async claimRedrives(): Promise<readonly StoredLetter[]> {
    await this.begin();
    const marked = this.rows.filter((row) => row.marked !== null);
    marked.sort((a, b) => Number(a.marked) - Number(b.marked) || byReceipt(a, b));
    const claimed = new Set(page(marked, 50).map(({ id }) => id));
    this.rows = this.rows.map((row) =>
      claimed.has(row.id) ? { ...row, marked: null, redrives: row.redrives + 1 } : row,
    );
    return this.letters.filter(({ id }) => claimed.has(id)).sort(byReceipt);
  }

  private async begin(): Promise<void> {
    this.statements++;
    await this.gate;
    const code = this.failures.shift();
    if (code !== undefined) throw failure(code);
  }

  private insertOne(letter: DeadLetter): void {
    const kept = letter.reason === 'unknown-match' ? this.parkedOf(letter.matchId) : [];
    const newest = kept.at(-1);
    if (newest && newest.receivedAtMs > letter.receivedAtMs) return;
    if (newest?.detail === letter.detail) {
      this.rows = this.rows.map((row) => (row === newest ? { ...row, ...letter, redrives: 0 } : row));
      return;
    }
    const outlived = kept.filter(({ detail }, n) => detail === letter.detail || kept.length - n >= PARKED_PER_MATCH);
    this.rows = this.rows.filter((row) => !outlived.includes(row));
    this.rows.push({ ...letter, id: String(++this.lastId), redrives: 0, marked: null });
  }

  private parkedOf(id: string | null): readonly Row[] {
    return id === null ? [] : this.rows.filter(({ reason, matchId }) => reason === 'unknown-match' && matchId === id);
  }
}

function page<L extends StoredLetter>(letters: readonly L[], count: number): readonly L[] {
  let bytes = 0;
  return letters.slice(0, count).filter(({ payload }, n) => {
    bytes += payload.length;
    return n === 0 || bytes <= PAGE_BYTES;
  });
}

function byReceipt(a: StoredLetter, b: StoredLetter): number {
  return a.receivedAtMs - b.receivedAtMs || Number(a.id) - Number(b.id);
}

function bytesOf(letters: readonly StoredLetter[]): number {
  return letters.reduce((sum, { payload }) => sum + payload.length, 0);
}

function isMeant(row: StoredLetter, letter: LetterRef): boolean {
  return row.id === letter.id && row.receivedAtMs <= letter.receivedAtMs;
}

function failure(code: string | null): Error {
  return Object.assign(new Error('the statement failed'), code === null ? {} : { code });
}
