import { Subject } from 'rxjs';
import { type FoundVersions, MissingVersions } from '../../src/broadcast/ports/missing-versions.js';
import type { Position } from '../../src/broadcast/ports/position.js';
import type { Told } from '../../src/broadcast/ports/told.js';

/** Missing versions that a spec finds: one answer to all who ask about a match, as of the journal. */
export class ScriptedJournal extends MissingVersions {
  private readonly answers = new Subject<FoundVersions>();
  override readonly answered$ = this.answers.asObservable();
  /** the matches that wait for their answer */
  readonly asked = new Map<string, Position>();

  /** @param onAsk called however often a match is asked for */
  constructor(private readonly onAsk: (matchId: string) => void = () => undefined) {
    super();
  }

  override ask(matchId: string, after: Position): void {
    if (!this.asked.has(matchId)) this.asked.set(matchId, after);
    this.onAsk(matchId);
  }

  answer(matchId: string, versions: readonly Told[] | null): void {
    if (this.asked.delete(matchId)) this.answers.next({ matchId, versions });
  }
}
