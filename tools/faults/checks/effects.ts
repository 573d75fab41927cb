import { MatchStatus } from '../../../src/domain/match-status.js';
import type { Frame } from '../model/match-history.js';
import type { Message } from '../model/message.js';
import type { DeadLetterRow, JournalEntry, MatchDatabase, MatchRow } from '../parts/match-database.js';
import type { Finding } from './finding.js';
import { byMatch } from './journal.js';

/** In the order of a row's kick-offs. */
const PERIODS: readonly MatchStatus[] = [MatchStatus.FirstHalf, MatchStatus.SecondHalf];

type Score = readonly [matchId: string, status: number, home?: Frame['home']];

/** Where the effects of messages are at this moment. */
export class Effects {
  private readonly payloads: ReadonlySet<string>;

  private constructor(
    private readonly rows: ReadonlyMap<string, MatchRow>,
    private readonly letters: readonly DeadLetterRow[],
    private readonly journals: ReadonlyMap<string, readonly JournalEntry[]>,
  ) {
    this.payloads = new Set(letters.map(({ payload }) => payload));
  }

  static async read(database: MatchDatabase, matchIds: readonly string[]): Promise<Effects> {
    // letters first: a parked frame leaves its letter for its row, never the other way round
    const letters = await database.deadLetters();
    const rows = await database.matches(matchIds);
    return new Effects(rows, letters, byMatch(await database.journal(matchIds)));
  }

  /**
   * Is everything the message says, or something newer of the same match, in a row or kept as a dead letter? No newer
   * frame says the kick-off of an earlier period: that is looked for by itself.
   */
  contain(message: Message): boolean {
    if (this.payloads.has(message.payload)) return true;
    return message.frames.length > 0 && message.frames.every((frame) => this.containFrame(frame));
  }

  /** the newest frame of a match that is safe */
  nthOf(matchId: string): number {
    return Math.max(this.nthInRow(matchId), ...this.lettersOf(matchId).map(([, , home]) => home?.[4] ?? 0));
  }

  /** the frame that the row shows; 0 before the first */
  nthInRow(matchId: string): number {
    return this.rows.get(matchId)?.home?.[4] ?? 0;
  }

  kickoffsOf(matchId: string): MatchRow['kickoffs'] {
    return this.rows.get(matchId)?.kickoffs ?? [];
  }

  private containFrame(frame: Frame): boolean {
    return this.nthOf(frame.matchId) >= frame.nth && this.knowKickoff(frame);
  }

  private knowKickoff({ matchId, status, kickoffS }: Frame): boolean {
    const nth = PERIODS.indexOf(status);
    if (nth < 0 || this.kickoffsOf(matchId)[nth] === kickoffS) return true;
    return this.lettersOf(matchId).some((letter) => letter[1] === status) || this.wasOverBefore(matchId, status, nth);
  }

  /** A pulled answer was first to speak of the match or of a later period: frames of this one came late and were refused. */
  private wasOverBefore(matchId: string, status: MatchStatus, nth: number): boolean {
    const journal = this.journals.get(matchId) ?? [];
    const later = journal.find(({ after }) => after.status > status && after.kickoffs[nth] === null);
    return later !== undefined && later.source !== 'mqtt';
  }

  private lettersOf(matchId: string): readonly Score[] {
    return this.letters
      .filter((letter) => letter.matchId === matchId)
      .flatMap(({ payload }) => scoreIn(payload, matchId) ?? []);
  }
}

/** What the payload of a dead letter says of a match. */
function scoreIn(payload: string, matchId: string): readonly [Score] | null {
  try {
    const json = JSON.parse(payload);
    const items: unknown[] = Array.isArray(json) && typeof json[0] !== 'string' ? json : [json];
    const tuples = items.map((item) => (Array.isArray(item) ? item : (item as { score?: unknown[] }).score));
    const tuple = tuples.find((one) => one?.[0] === matchId);
    return tuple ? [tuple as unknown as Score] : null;
  } catch {
    return null;
  }
}

/** An acknowledged message whose effect is nowhere. */
export function lossOf({ number, kind, frames, payload }: Message, effects: Effects, when: string): Finding {
  const safe = frames.map(
    ({ matchId, nth }) => `${matchId} ${effects.nthOf(matchId)} of ${nth}, kick-offs ${effects.kickoffsOf(matchId)}`,
  );
  return {
    kind: 'lost',
    text:
      `${when}: message ${number} (${kind}) was acknowledged, its effect is nowhere. ` +
      `Safe: ${safe.join(', ') || 'no dead letter'}. ${payload}`,
  };
}
