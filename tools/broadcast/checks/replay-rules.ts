import type { ClaimedStep } from './claimed-steps.js';
import type { Findings } from './findings.js';
import { formatPosition, type Held, isBefore, isSamePosition } from './position.js';

type Say = (kind: Parameters<Findings['note']>[0], matchId: string, text: string) => void;

/** Missed changes are told again from what the client had, one by one, until the newest that was shown beside them. */
export class ReplayRules {
  /** how far they were told again */
  private readonly until = new Map<string, Held>();

  constructor(private readonly say: Say) {}

  get matchIds(): readonly string[] {
    return [...this.until.keys()];
  }

  /** @param held what the client had before the SNAPSHOT */
  begin(matchId: string, held: Held): void {
    this.until.set(matchId, held);
  }

  /** @param held what the client has now @returns whether it was not told again before */
  take({ matchId, from, to }: ClaimedStep, held: Held | undefined): boolean {
    const until = this.until.get(matchId) ?? held;
    if (until && !isBefore(until, to)) {
      this.say('twice', matchId, `${formatPosition(to)} again after ${formatPosition(until)}`);
      return false;
    }
    if (until && !isSamePosition(from, until))
      this.say(
        'undetected-gap',
        matchId,
        `${formatPosition(to)} again continues ${formatPosition(from)}, not ${formatPosition(until)}`,
      );
    this.until.set(matchId, to);
    return true;
  }

  /** No more will come: the newest that was shown must have been told again, too. */
  end(matchId: string, held: Held | undefined): void {
    const until = this.until.get(matchId);
    this.until.delete(matchId);
    if (until && held && isBefore(until, held))
      this.say('undetected-gap', matchId, `missed changes were told again until ${formatPosition(until)} only`);
  }

  /** A new connection. */
  forget(): void {
    this.until.clear();
  }
}
