import type { Frame } from '../model/match-history.js';
import type { Message } from '../model/message.js';
import type { DeadLetterRow, MatchDatabase, MatchRow } from '../parts/match-database.js';
import type { Finding } from './finding.js';

/** Where the effects of messages are at this moment. */
export class Effects {
  private constructor(
    private readonly rows: ReadonlyMap<string, MatchRow>,
    private readonly letters: readonly DeadLetterRow[],
    private readonly payloads: ReadonlySet<string>,
  ) {}

  static async read(database: MatchDatabase, matchIds: readonly string[]): Promise<Effects> {
    // letters first: a parked frame leaves its letter for its row, never the other way round
    const letters = await database.deadLetters();
    const rows = await database.matches(matchIds);
    return new Effects(rows, letters, new Set(letters.map(({ payload }) => payload)));
  }

  /** Is everything the message says, or something newer of the same match, in a row or kept as a dead letter? */
  contain(message: Message): boolean {
    if (this.payloads.has(message.payload)) return true;
    return message.frames.length > 0 && message.frames.every((frame) => this.nthOf(frame.matchId) >= frame.nth);
  }

  /** the newest frame of a match that is safe */
  nthOf(matchId: string): number {
    return Math.max(this.nthInRow(matchId), this.nthInLetters(matchId));
  }

  /** the frame that the row shows; 0 before the first */
  nthInRow(matchId: string): number {
    return this.rows.get(matchId)?.home?.[4] ?? 0;
  }

  private nthInLetters(matchId: string): number {
    const parked = this.letters.filter((letter) => letter.matchId === matchId);
    return Math.max(0, ...parked.map(({ payload }) => nthIn(payload, matchId)));
  }
}

/** Frame number of a match in the payload of a dead letter. */
function nthIn(payload: string, matchId: string): number {
  try {
    const json = JSON.parse(payload);
    const items: unknown[] = Array.isArray(json) && typeof json[0] !== 'string' ? json : [json];
    const tuples = items.map((item) => (Array.isArray(item) ? item : (item as { score?: unknown[] }).score));
    const tuple = tuples.find((one) => one?.[0] === matchId);
    return (tuple?.[2] as Frame['home'] | undefined)?.[4] ?? 0;
  } catch {
    return 0;
  }
}

/** An acknowledged message whose effect is nowhere. */
export function lossOf({ number, kind, frames, payload }: Message, effects: Effects, when: string): Finding {
  const safe = frames.map(({ matchId, nth }) => `${matchId} ${effects.nthOf(matchId)} of ${nth}`);
  return {
    kind: 'lost',
    text:
      `${when}: message ${number} (${kind}) was acknowledged, its effect is nowhere. ` +
      `Safe: ${safe.join(', ') || 'no dead letter'}. ${payload}`,
  };
}
